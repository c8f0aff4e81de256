// The beginning: which folder.
import type { Context } from "../context";
import { SAMPLE_DAY } from "../context";
import { h, notice, problem } from "../dom";
import type { FilePut } from "../messages";
import { working } from "../working";

/// The settings of the invented authority: the published targets of the council whose two reports it tells the story of.
const SAMPLE_SETTINGS = `# Settings of this data folder. The families are invented; the targets are the published ones of
# Blackburn with Darwen, whose two reports the sample tells the story of.
authority = "blackburn-with-darwen"
`;

const READ = /\.(csv|txt|tsv|xlsx|xlsm|xls|parquet|toml)$/i;

/// The files of what was dropped, folders and all.
export async function dropped(items: DataTransferItemList): Promise<{ name: string; files: [string, File][] }> {
  const found: [string, File][] = [];
  const walk = async (entry: any, path: string): Promise<void> => {
    if (entry.isFile) {
      const file = await new Promise<File>((done, failed) => entry.file(done, failed));
      found.push([path + entry.name, file]);
      return;
    }
    const reader = entry.createReader();
    // A reader gives a hundred entries at a time.
    for (;;) {
      const some = await new Promise<any[]>((done, failed) => reader.readEntries(done, failed));
      if (some.length === 0) break;
      for (const inside of some) await walk(inside, `${path}${entry.name}/`);
    }
  };
  const entries = [...items].map((item) => (item as any).webkitGetAsEntry?.()).filter(Boolean);
  for (const entry of entries) await walk(entry, "");
  return { name: "", files: found };
}

/// The folder that all paths begin with, and the paths inside it.
function inside(files: [string, File][]): { name: string; files: [string, File][] } {
  const first = files[0]?.[0].split("/") ?? [];
  const folder = first.length > 1 ? first[0]! : "";
  const all = folder !== "" && files.every(([path]) => path.startsWith(`${folder}/`));
  return all ? { name: folder, files: files.map(([path, file]) => [path.slice(folder.length + 1), file]) } : { name: "", files };
}

export function start(context: Context): HTMLElement {
  const said = h("div", { "aria-live": "polite" });
  const open = async (given: [string, File][]) => {
    const { name, files } = inside(given);
    const wanted = files.filter(([path]) => READ.test(path) && !path.split("/").some((part) => part.startsWith(".")));
    if (wanted.length === 0) {
      said.replaceChildren(problem("No tables were found there. Choose the folder, or the .csv and .xlsx files, that your systems export."));
      return;
    }
    await working(context, said, "Opening the files", async () => {
      await context.engine.forget();
      const put: FilePut[] = wanted.map(([path, file]) => ({ path: `data/${path}`, content: file }));
      await context.engine.put(put);
      context.folder = name || (wanted.length === 1 ? wanted[0]![0] : `${wanted.length} files`);
      context.isSample = false;
      context.asAt = "";
      context.unsaved.clear();
      context.forget();
      context.changed();
      const hasSettings = wanted.some(([path]) => path === "sfclaim.toml");
      context.go(hasSettings ? "data" : "settings");
    });
  };
  const sample = () =>
    working(context, said, "Inventing an authority", async () => {
      await context.engine.forget();
      await context.engine.run(["sample", "--families", "580", "--seed", "218", "--from", "2021-04-01", "--until", "2025-03-31",
        "--attendance", "both", "--boundaries-at", SAMPLE_DAY, "--out", "sample"]);
      const files = await context.engine.read("sample");
      await context.engine.put([
        ...files.map(({ path, bytes }) => ({ path: `data/${path}`, content: bytes })),
        { path: "data/sfclaim.toml", content: new TextEncoder().encode(SAMPLE_SETTINGS) },
      ]);
      context.folder = "The invented authority";
      context.isSample = true;
      context.asAt = SAMPLE_DAY;
      context.unsaved.clear();
      context.forget();
      context.changed();
      context.go("decisions");
    });

  const folderInput = h("input", { type: "file", webkitdirectory: true, multiple: true, class: "unseen", tabindex: "-1", "aria-hidden": "true", id: "folder-input" });
  const filesInput = h("input", { type: "file", multiple: true, class: "unseen", tabindex: "-1", "aria-hidden": "true", id: "files-input", accept: ".csv,.txt,.tsv,.xlsx,.xlsm,.xls,.toml" });
  for (const input of [folderInput, filesInput]) {
    input.addEventListener("change", () => {
      const files = [...(input.files ?? [])].map((file): [string, File] => [file.webkitRelativePath || file.name, file]);
      input.value = "";
      if (files.length > 0) void open(files);
    });
  }
  const zone = h("div", { class: "zone" },
    h("p", {}, "Drop a folder or files here, or"),
    h("p", { class: "buttons" },
      h("button", { type: "button", onclick: () => folderInput.click() }, "Choose a folder"),
      h("button", { type: "button", class: "secondary", onclick: () => filesInput.click() }, "Choose files")),
    folderInput, filesInput);
  zone.addEventListener("dragover", (event) => { event.preventDefault(); zone.classList.add("over"); });
  zone.addEventListener("dragleave", () => zone.classList.remove("over"));
  zone.addEventListener("drop", (event) => {
    event.preventDefault();
    zone.classList.remove("over");
    if (event.dataTransfer) void dropped(event.dataTransfer.items).then(({ files }) => open(files));
  });
  return h("div", {},
    h("h1", { tabindex: "-1" }, "Which families’ results can be claimed?"),
    h("p", { class: "lede" }, "For every family your council supports, this page says whether a Supporting Families result can be claimed, why, what is missing and when."),
    notice(h("strong", {}, "Nothing leaves this computer. "), "The page holds the whole program and asks nothing of any network. Your files are read where they are, and nothing is kept when you close it."),
    said,
    h("h2", {}, "Open your data"),
    h("p", {}, "The tables as your systems export them: cases, people, needs, attendance and claims, as CSV or Excel files."),
    zone,
    h("h2", {}, "Or look around first"),
    h("p", {}, "An authority with about 3,000 invented families, half-way through its financial year."),
    h("p", {}, h("button", { type: "button", id: "try-sample", onclick: () => void sample() }, "Try with the invented authority")));
}
