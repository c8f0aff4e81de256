// The engine, away from what is drawn: the whole program in a worker, over a folder in memory. Each command is a new instance
// of the same compiled module, which takes milliseconds, so that nothing of one command can reach the next.
import { PreopenDirectory, WASI } from "@bjorn3/browser_wasi_shim";
import type { Asked, FileFound, Heard } from "./messages";
import { Folder, Held, OnDisk, Open } from "./memory";

const root = new Folder();
let engine: WebAssembly.Module | undefined;
let toldAt = 0;

const say = (message: Heard, pass: Transferable[] = []) => (self as any).postMessage(message, pass);

function told(name: string, at: number, of: number) {
  const now = performance.now();
  if (now - toldAt < 150) return;
  toldAt = now;
  say({ kind: "reading", name, at, of });
}

/// The folder of a path, made where it is missing.
function folderOf(parts: string[]): Folder {
  let folder: Folder = root;
  for (const part of parts) {
    let next = folder.contents.get(part);
    if (!(next instanceof Folder)) {
      next = new Folder();
      (next as any).parent = folder;
      folder.contents.set(part, next);
    }
    folder = next as Folder;
  }
  return folder;
}

function put(path: string, content: Blob | Uint8Array) {
  const parts = path.split("/");
  const name = parts.pop()!;
  const file = content instanceof Blob ? new OnDisk(content, name, told) : new Held(content);
  folderOf(parts).contents.set(name, file);
}

function take(path: string) {
  const parts = path.split("/");
  const name = parts.pop()!;
  folderOf(parts).contents.delete(name);
}

function held(folder: Folder, before: string, found: FileFound[]) {
  for (const [name, entry] of folder.contents) {
    const path = before === "" ? name : `${before}/${name}`;
    if (entry instanceof Folder) held(entry, path, found);
    else if (entry instanceof Held) found.push({ path, bytes: entry.all() });
  }
}

function run(args: string[]): { code: number; out: string; aside: string } {
  if (!engine) throw new Error("the engine is not ready");
  const [input, out, aside] = [new Held(), new Held(), new Held()];
  const top = new PreopenDirectory(".", root.contents as any);
  top.dir = root as any;
  const streams = [new Open(input, "read"), new Open(out, undefined), new Open(aside, undefined)];
  const system = new WASI(["sfclaim", ...args], [], [...streams, top], { debug: false });
  const instance = new WebAssembly.Instance(engine, { wasi_snapshot_preview1: system.wasiImport as any });
  const text = (file: Held) => new TextDecoder().decode(file.all());
  try {
    const code = system.start(instance as any);
    return { code, out: text(out), aside: text(aside) };
  } catch (why) {
    // Memory ran out, or a library met a file that it cannot bear: the instance is gone, and nothing else.
    const said = text(aside).trim();
    const because = why instanceof RangeError || said === "" ? "A file may be damaged, or too large for this browser." : said;
    return { code: 2, out: "", aside: `The engine had to stop while it read the data. ${because} Nothing was decided.` };
  }
}

async function answer(asked: Asked): Promise<Heard> {
  switch (asked.kind) {
    case "engine": {
      const packed = new Blob([asked.bytes as BlobPart]).stream().pipeThrough(new DecompressionStream("gzip"));
      engine = await WebAssembly.compile(await new Response(packed).arrayBuffer());
      return { kind: "done", id: asked.id };
    }
    case "put":
      for (const { path, content } of asked.files) put(path, content);
      return { kind: "done", id: asked.id };
    case "take":
      take(asked.path);
      return { kind: "done", id: asked.id };
    case "folder":
      folderOf(asked.path.split("/"));
      return { kind: "done", id: asked.id };
    case "run":
      return { kind: "ran", id: asked.id, ...run(asked.args) };
    case "read": {
      const found: FileFound[] = [];
      held(folderOf(asked.folder.split("/")), "", found);
      return { kind: "found", id: asked.id, files: found };
    }
  }
}

self.onmessage = (event: MessageEvent<Asked>) => {
  const { id } = event.data;
  answer(event.data).then(
    (heard) => say(heard, heard.kind === "found" ? heard.files.map((file) => file.bytes.buffer as ArrayBuffer) : []),
    (why) => say({ kind: "failed", id, why: String(why instanceof Error ? why.message : why) }),
  );
};

