// The engine as the page sees it: commands go in, what they print and the files they write come out.
import type { Asked, FileFound, FilePut, Heard } from "./messages";

/// What a command gave back.
export interface Ran {
  code: number;
  out: string;
  aside: string;
}

/// A sentence of the engine, or of the page, that a person can act on.
export class Told extends Error {}

/// Somebody pressed "Stop".
export class Stopped extends Error {}

type WithoutId<T> = T extends unknown ? Omit<T, "id"> : never;

export class Engine {
  private worker: Worker | undefined;
  private waiting = new Map<number, { done: (heard: Heard) => void; failed: (why: Error) => void }>();
  private last = 0;
  /// What a person gave, by path: put again when the worker is begun anew.
  private files = new Map<string, Blob | Uint8Array>();
  private ready: Promise<void> | undefined;

  /// Called with how far the reading of large files is.
  reading: (name: string, at: number, of: number) => void = () => {};

  constructor(private readonly workerCode: string, private readonly packed: () => Uint8Array) {}

  private begin(): Promise<void> {
    if (this.ready) return this.ready;
    const place = URL.createObjectURL(new Blob([this.workerCode], { type: "text/javascript" }));
    this.worker = new Worker(place);
    this.worker.onmessage = (event: MessageEvent<Heard>) => this.hear(event.data);
    this.worker.onerror = (event) => {
      event.preventDefault();
      this.end(new Told("The engine could not be started in this browser. Use a current Edge, Chrome or Firefox."));
    };
    this.ready = (async () => {
      await this.ask({ kind: "engine", bytes: this.packed() });
      URL.revokeObjectURL(place);
      await this.ask({ kind: "put", files: this.given() });
    })();
    return this.ready;
  }

  private given(): FilePut[] {
    return [...this.files].map(([path, content]) => ({ path, content }));
  }

  private hear(heard: Heard) {
    if (heard.kind === "reading") return this.reading(heard.name, heard.at, heard.of);
    const waits = this.waiting.get(heard.id);
    this.waiting.delete(heard.id);
    if (heard.kind === "failed") waits?.failed(new Told(`The engine failed: ${heard.why}`));
    else waits?.done(heard);
  }

  private ask(asked: WithoutId<Asked>): Promise<Heard> {
    const id = ++this.last;
    return new Promise((done, failed) => {
      this.waiting.set(id, { done, failed });
      this.worker!.postMessage({ ...asked, id });
    });
  }

  private end(why: Error) {
    this.worker?.terminate();
    this.worker = undefined;
    this.ready = undefined;
    for (const { failed } of this.waiting.values()) failed(why);
    this.waiting.clear();
  }

  /// Stops whatever runs. The files that a person gave stay.
  stop() {
    this.end(new Stopped());
    this.begin().catch(() => {});
  }

  /// Makes the engine ready before it is needed.
  warm() {
    return this.begin();
  }

  /// Forgets the folder and everything made from it.
  async forget() {
    this.files.clear();
    this.end(new Stopped());
    await this.begin();
  }

  async put(files: FilePut[]) {
    await this.begin();
    for (const { path, content } of files) this.files.set(path, content);
    await this.ask({ kind: "put", files });
  }

  async take(path: string) {
    await this.begin();
    this.files.delete(path);
    await this.ask({ kind: "take", path });
  }

  /// Makes a folder for a command that wants it to be there.
  async folder(path: string) {
    await this.begin();
    await this.ask({ kind: "folder", path });
  }

  async text(path: string): Promise<string | undefined> {
    const content = this.files.get(path);
    if (content === undefined) return undefined;
    return content instanceof Blob ? content.text() : new TextDecoder().decode(content);
  }

  /// Runs a command. One that could not be done is a sentence to show.
  async run(args: string[]): Promise<Ran> {
    await this.begin();
    const heard = await this.ask({ kind: "run", args });
    if (heard.kind !== "ran") throw new Told("The engine gave no answer.");
    if (heard.code === 2) throw new Told(heard.aside.replace(/^sfclaim: /, "").trim());
    return heard;
  }

  /// Runs a command that prints data.
  async data<T>(args: string[]): Promise<T> {
    const [command = "", ...rest] = args;
    return JSON.parse((await this.run([command, "--json", ...rest])).out) as T;
  }

  /// The files that commands wrote into a folder.
  async read(folder: string): Promise<FileFound[]> {
    await this.begin();
    const heard = await this.ask({ kind: "read", folder });
    return heard.kind === "found" ? heard.files : [];
  }
}
