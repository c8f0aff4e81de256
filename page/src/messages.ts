// What the page and its worker say to each other. Bytes go by message, never by fetching anything.

export interface FilePut {
  path: string;
  content: Blob | Uint8Array;
}

export interface FileFound {
  path: string;
  bytes: Uint8Array;
}

export type Asked =
  | { kind: "engine"; id: number; bytes: Uint8Array }
  | { kind: "put"; id: number; files: FilePut[] }
  | { kind: "take"; id: number; path: string }
  | { kind: "folder"; id: number; path: string }
  | { kind: "run"; id: number; args: string[] }
  | { kind: "read"; id: number; folder: string };

export type Heard =
  | { kind: "done"; id: number }
  | { kind: "ran"; id: number; code: number; out: string; aside: string }
  | { kind: "found"; id: number; files: FileFound[] }
  | { kind: "failed"; id: number; why: string }
  | { kind: "reading"; name: string; at: number; of: number };
