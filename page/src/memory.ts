// The folder in memory that the engine reads and writes. The shim's own file copies everything at each write, so files that
// are written grow by doubling here; files that a person chose stay on their disk and are read in slices.
import { Directory, Fd, Inode, wasi } from "@bjorn3/browser_wasi_shim";

/// What is told of reading: which file, and how far.
export type Told = (name: string, at: number, of: number) => void;

abstract class Source extends Inode {
  abstract length(): number;
  abstract slice(from: number, to: number): Uint8Array;

  stat() {
    return new wasi.Filestat(this.ino, wasi.FILETYPE_REGULAR_FILE, BigInt(this.length()));
  }
}

/// A file that is written, or small enough to be held.
export class Held extends Source {
  private bytes: Uint8Array;
  private end: number;

  constructor(bytes: Uint8Array = new Uint8Array()) {
    super();
    this.bytes = bytes;
    this.end = bytes.length;
  }

  length() {
    return this.end;
  }

  slice(from: number, to: number) {
    return this.bytes.subarray(Math.min(from, this.end), Math.min(to, this.end));
  }

  all() {
    return this.bytes.slice(0, this.end);
  }

  resize(size: number) {
    if (size > this.bytes.length) {
      const room = new Uint8Array(Math.max(size, this.bytes.length * 2, 4096));
      room.set(this.bytes.subarray(0, this.end));
      this.bytes = room;
    }
    if (size < this.end) this.bytes.fill(0, size, this.end);
    this.end = size;
  }

  write(data: Uint8Array, at: number) {
    if (at + data.length > this.end) this.resize(at + data.length);
    this.bytes.set(data, at);
  }

  path_open(oflags: number, _rights: bigint, flags: number) {
    if (oflags & wasi.OFLAGS_TRUNC) this.resize(0);
    const open = new Open(this, undefined);
    if (flags & wasi.FDFLAGS_APPEND) open.fd_seek(0n, wasi.WHENCE_END);
    return { ret: wasi.ERRNO_SUCCESS, fd_obj: open };
  }
}

/// A file that a person chose: read from their disk as the engine asks, never all of it at once.
export class OnDisk extends Source {
  private static readonly BLOCK = 1 << 20;
  private at = -1;
  private block = new Uint8Array();

  constructor(private readonly file: Blob, private readonly name: string, private readonly told: Told) {
    super();
  }

  length() {
    return this.file.size;
  }

  slice(from: number, to: number) {
    const end = Math.min(to, this.file.size);
    if (from >= end) return new Uint8Array();
    const start = Math.floor(from / OnDisk.BLOCK) * OnDisk.BLOCK;
    if (start !== this.at) {
      const part = this.file.slice(start, start + OnDisk.BLOCK);
      this.block = new Uint8Array(new FileReaderSync().readAsArrayBuffer(part));
      this.at = start;
      this.told(this.name, start, this.file.size);
    }
    return this.block.subarray(from - start, Math.min(end - start, this.block.length));
  }

  path_open(oflags: number, rights: bigint) {
    const writes = (oflags & wasi.OFLAGS_TRUNC) !== 0 || (rights & BigInt(wasi.RIGHTS_FD_WRITE)) !== 0n;
    if (writes) return { ret: wasi.ERRNO_PERM, fd_obj: null };
    return { ret: wasi.ERRNO_SUCCESS, fd_obj: new Open(this, "read") };
  }
}

/// The streams of the program are files to it: as a terminal it would start a thread for its progress bar.
export class Open extends Fd {
  private at = 0;

  constructor(private readonly file: Source, private readonly only: "read" | undefined) {
    super();
  }

  fd_fdstat_get() {
    return { ret: 0, fdstat: new wasi.Fdstat(wasi.FILETYPE_REGULAR_FILE, 0) };
  }

  fd_filestat_get() {
    return { ret: 0, filestat: this.file.stat() };
  }

  fd_filestat_set_size(size: bigint) {
    if (!(this.file instanceof Held)) return wasi.ERRNO_BADF;
    this.file.resize(Number(size));
    return wasi.ERRNO_SUCCESS;
  }

  fd_read(size: number) {
    const data = this.file.slice(this.at, this.at + size);
    this.at += data.length;
    return { ret: 0, data };
  }

  fd_pread(size: number, offset: bigint) {
    return { ret: 0, data: this.file.slice(Number(offset), Number(offset) + size) };
  }

  fd_seek(offset: bigint, whence: number) {
    const from = whence === wasi.WHENCE_SET ? 0 : whence === wasi.WHENCE_CUR ? this.at : this.file.length();
    const to = from + Number(offset);
    if (to < 0) return { ret: wasi.ERRNO_INVAL, offset: 0n };
    this.at = to;
    return { ret: 0, offset: BigInt(to) };
  }

  fd_tell() {
    return { ret: 0, offset: BigInt(this.at) };
  }

  fd_write(data: Uint8Array) {
    if (this.only === "read" || !(this.file instanceof Held)) return { ret: wasi.ERRNO_BADF, nwritten: 0 };
    this.file.write(data, this.at);
    this.at += data.length;
    return { ret: 0, nwritten: data.length };
  }

  fd_pwrite(data: Uint8Array, offset: bigint) {
    if (this.only === "read" || !(this.file instanceof Held)) return { ret: wasi.ERRNO_BADF, nwritten: 0 };
    this.file.write(data, Number(offset));
    return { ret: 0, nwritten: data.length };
  }

  fd_sync() {
    return 0;
  }
}

/// A folder whose new files grow.
export class Folder extends Directory {
  constructor(contents: Map<string, Inode> = new Map()) {
    super(contents);
  }

  create_entry_for_path(path: string, isFolder: boolean) {
    const parts = path.split("/").filter((part) => part !== "" && part !== ".");
    const name = parts.pop();
    let folder: Inode | undefined = this;
    for (const part of parts) folder = folder instanceof Directory ? folder.contents.get(part) : undefined;
    if (name === undefined || !(folder instanceof Directory)) return { ret: wasi.ERRNO_NOENT, entry: null };
    if (folder.contents.has(name)) return { ret: wasi.ERRNO_EXIST, entry: null };
    const entry = isFolder ? new Folder() : new Held();
    if (entry instanceof Folder) (entry as any).parent = folder;
    folder.contents.set(name, entry);
    return { ret: wasi.ERRNO_SUCCESS, entry: entry as any };
  }
}
