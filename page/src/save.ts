// Files to a person's disk: by the browser's own dialogue where it has one, as a download where it has not.
import { zipSync } from "fflate";
import type { FileFound } from "./messages";

export function download(name: string, bytes: Uint8Array | string) {
  const place = URL.createObjectURL(new Blob([bytes as BlobPart], { type: "application/octet-stream" }));
  const link = document.createElement("a");
  link.href = place;
  link.download = name;
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(place), 60_000);
}

/// Whether a person can choose where a file is saved, and write over the one that is there.
export const canSaveBack = () => "showSaveFilePicker" in window;

/// Asks where to save, in the person's own folder if they like. `false` where they thought better of it.
export async function saveBack(name: string, bytes: Uint8Array | string): Promise<boolean> {
  try {
    const file = await (window as any).showSaveFilePicker({ suggestedName: name });
    const stream = await file.createWritable();
    await stream.write(bytes);
    await stream.close();
    return true;
  } catch (why) {
    if (why instanceof DOMException && why.name === "AbortError") return false;
    download(name, bytes);
    return true;
  }
}

/// Several files as one. The day in it is always the same, so that the same files give the same bytes.
export function zipped(files: FileFound[]): Uint8Array {
  const contents = Object.fromEntries(files.map(({ path, bytes }) => [path, bytes]));
  return zipSync(contents, { level: 6, mtime: new Date(1980, 0, 1) });
}
