// Rows that a person adds to a table of the folder, and the saving of it: the page itself keeps nothing.
import type { Context } from "./context";
import { line, rowsOf } from "./csv";
import { h } from "./dom";
import { Told } from "./engine";
import { canSaveBack, download, saveBack } from "./save";

export interface Kept {
  /// The name of the table's file.
  file: string;
  columns: string[];
  must: string[];
}

const path = (of: Kept) => `data/${of.file}`;

/// The table with more rows, under the headings that it has.
function withRows(of: Kept, earlier: string | undefined, given: Record<string, string>[]): string {
  const header = earlier === undefined ? of.columns : (rowsOf(earlier.replace(/^\uFEFF/, ""))[0] ?? of.columns).map((name) => name.trim());
  const text = earlier === undefined ? `${of.columns.join(",")}\n` : earlier.endsWith("\n") || earlier === "" ? earlier : `${earlier}\n`;
  const missing = of.must.filter((name) => !header.includes(name));
  if (missing.length > 0) {
    throw new Told(`Your ${of.file} has other column names (${missing.join(", ")} is missing), so nothing can be added to it here. Give it the names of the table first.`);
  }
  return text + given.map((row) => line(header.map((name) => row[name] ?? ""))).join("");
}

/// Adds the rows and tries the data with them. Rows that stop the run do not stay.
export async function add(context: Context, of: Kept, given: Record<string, string>[], attempt: () => Promise<void>) {
  const earlier = await context.engine.text(path(of));
  const text = withRows(of, earlier, given);
  await context.engine.put([{ path: path(of), content: new TextEncoder().encode(text) }]);
  context.forget();
  try {
    await attempt();
  } catch (why) {
    if (earlier === undefined) await context.engine.take(path(of));
    else await context.engine.put([{ path: path(of), content: new TextEncoder().encode(earlier) }]);
    context.forget();
    throw why;
  }
  context.unsaved.add(of.file);
}

/// The button that saves a file of the folder to a person's disk.
export function saveButton(context: Context, file: string, id: string, secondary = false): HTMLElement {
  const save = async () => {
    const text = (await context.engine.text(`data/${file}`)) ?? "";
    if (!canSaveBack()) download(file, text);
    else if (!(await saveBack(file, text))) return;
    context.unsaved.delete(file);
  };
  return h("button", { type: "button", id, class: secondary ? "secondary" : undefined, onclick: () => void save() }, canSaveBack() ? `Save ${file}` : `Download ${file}`);
}
