// What changed since an earlier run, and why. The earlier run is a folder, or a zip, that was saved then.
import type { Context } from "../context";
import { unzipSync } from "fflate";
import { day, grouped, h, notice, pounds, statusTag, statusWord, table } from "../dom";
import { Told } from "../engine";
import { narrowed } from "../filtered";
import type { FilePut } from "../messages";
import { download } from "../save";
import { working } from "../working";
import { check } from "./decisions";
import { dropped } from "./start";

interface Changed { case_id: string; before: string | null; after: string | null; because: string[]; reason: string }
interface Comparison {
  asked: string[]; not_compared: string[]; changed: Changed[]; same_status: Changed[]; unchanged: number;
  claimable_before: number; claimable_after: number; value_before: string; value_after: string;
}

/// What a comparison reads of an earlier run.
const READ = ["decisions.csv", "run.json"];
const LARGEST = 1 << 30;

/// The files of the earlier run, wherever in the folder or zip they stand: both in one folder.
async function run(given: [string, File][]): Promise<FilePut[]> {
  const all = new Map<string, Blob | Uint8Array>();
  for (const [path, file] of given) {
    if (!/\.zip$/i.test(path)) all.set(path, file);
    else {
      let opened: Record<string, Uint8Array>;
      try {
        opened = unzipSync(new Uint8Array(await file.arrayBuffer()), { filter: ({ name, originalSize }) => READ.includes(name.split("/").pop()!) && originalSize < LARGEST });
      } catch {
        throw new Told(`${path} cannot be opened as a zip. Unpack it, and choose the folder with its files.`);
      }
      for (const [name, bytes] of Object.entries(opened)) all.set(`${path}/${name}`, bytes);
    }
  }
  const folders = [...all.keys()].filter((path) => path.split("/").pop() === "decisions.csv").map((path) => path.slice(0, -"decisions.csv".length)).filter((folder) => all.has(`${folder}run.json`));
  if (folders.length === 0) throw new Told("No earlier run was found there. Choose the folder “check” of files that you saved then, with decisions.csv and run.json in it, or the zip.");
  if (folders.length > 1) throw new Told(`There are ${folders.length} runs in it (${folders.slice(0, 3).join(", ")}). Choose the folder of one.`);
  return READ.map((name) => ({ path: `earlier/${name}`, content: all.get(folders[0]! + name)! }));
}

export function compare(context: Context): HTMLElement {
  const said = h("div", { "aria-live": "polite" });
  const body = h("div", {});
  /// `begin` may put another earlier run first.
  const show = (begin?: () => Promise<void>) =>
    working(context, said, "Comparing the two runs", async () => {
      body.replaceChildren();
      await begin?.();
      await check(context);
      body.replaceChildren(drawn(context, await context.engine.data<Comparison>(["compare", "earlier", "outputs/check"])));
    });
  const open = async (given: [string, File][]) => {
    if (await show(async () => context.engine.put(await run(given)))) body.querySelector<HTMLElement>("h2")?.focus();
  };
  // A person who went to a family and back finds the comparison again.
  void context.engine.text("earlier/run.json").then((there) => { if (there !== undefined) void show(); });
  const input = (props: Record<string, unknown>) => {
    const one = h("input", { type: "file", class: "unseen", tabindex: "-1", "aria-hidden": "true", ...props });
    one.addEventListener("change", () => {
      const files = [...(one.files ?? [])].map((file): [string, File] => [file.webkitRelativePath || file.name, file]);
      one.value = "";
      if (files.length > 0) void open(files);
    });
    return one;
  };
  const folder = input({ webkitdirectory: true, multiple: true, id: "earlier-folder" });
  const files = input({ multiple: true, id: "earlier-files", accept: ".zip,.csv,.json" });
  const zone = h("div", { class: "zone" },
    h("p", {}, "Drop the folder or the zip of an earlier run here, or"),
    h("p", { class: "buttons" },
      h("button", { type: "button", onclick: () => folder.click() }, "Choose its folder"),
      h("button", { type: "button", class: "secondary", onclick: () => files.click() }, "Choose its zip")),
    folder, files);
  zone.addEventListener("dragover", (event) => { event.preventDefault(); zone.classList.add("over"); });
  zone.addEventListener("dragleave", () => zone.classList.remove("over"));
  zone.addEventListener("drop", (event) => {
    event.preventDefault();
    zone.classList.remove("over");
    if (event.dataTransfer) void dropped(event.dataTransfer.items).then(({ files: given }) => open(given));
  });
  return h("div", {},
    h("h1", { tabindex: "-1" }, "Compare with an earlier run"),
    h("p", {}, `What changed from an earlier run to this one, as at ${day(context.asAt)}, and why. An earlier run is what you saved from the view Files then: the zip, or its folder “check”.`),
    said, zone, body);
}

const status = (word: string | null) => (word ? statusTag(word) : "Not there");
const said = (word: string) => (word === "" ? "Not there" : statusWord(word));

function drawn(context: Context, found: Comparison): HTMLElement {
  const moves = new Map<string, { before: string | null; after: string | null; periods: number }>();
  for (const one of found.changed) {
    const key = `${one.before} ${one.after}`;
    const move = moves.get(key) ?? { before: one.before, after: one.after, periods: 0 };
    move.periods++;
    moves.set(key, move);
  }
  const columns = [
    { name: "Case", cell: (one: Changed) => h("a", { class: "nowrap", href: `#/family/${encodeURIComponent(one.case_id)}` }, one.case_id), sort: (one: Changed) => one.case_id },
    { name: "Before", cell: (one: Changed) => status(one.before), sort: (one: Changed) => one.before ?? "" },
    { name: "Now", cell: (one: Changed) => status(one.after), sort: (one: Changed) => one.after ?? "" },
    { name: "What else changed", wide: true, cell: (one: Changed) => h("ul", {}, one.because.map((line) => h("li", {}, line))) },
    { name: "Why it is so now", wide: true, cell: (one: Changed) => one.reason },
  ];
  const search = { name: "Case", of: (one: Changed) => [one.case_id] };
  return h("div", {},
    h("h2", { tabindex: "-1" }, "What changed"),
    found.asked.length > 0 ? notice(h("strong", {}, "What was asked differently"), h("ul", {}, found.asked.map((one) => h("li", {}, one)))) : h("p", {}, "Both runs were asked the same."),
    found.not_compared.length > 0 ? notice(h("strong", {}, "Not compared"), h("ul", {}, found.not_compared.map((one) => h("li", {}, one)))) : undefined,
    table({
      caption: "What can be claimed",
      columns: [
        { name: "Run", cell: (row: [string, number, string]) => row[0] },
        { name: "Periods", cell: (row) => grouped(row[1]), numeric: true },
        { name: "Worth", cell: (row) => pounds(row[2]), numeric: true },
      ],
      rows: [["Before", found.claimable_before, found.value_before], ["Now", found.claimable_after, found.value_after]],
    }),
    h("p", { id: "compared" }, `${grouped(found.changed.length)} periods have another status or are in one run only, ${grouped(found.same_status.length)} have the same status and other verdicts or days, and ${grouped(found.unchanged)} are the same.`),
    h("p", {}, h("button", { type: "button", class: "secondary", id: "save-comparison", onclick: () => download(`compare-${context.asAt}.json`, `${JSON.stringify(found, null, 2)}\n`) }, "Download the comparison")),
    moves.size === 0 ? undefined : table({
      caption: "From one status to another",
      columns: [
        { name: "Before", cell: (one) => status(one.before), sort: (one) => one.before ?? "" },
        { name: "Now", cell: (one) => status(one.after), sort: (one) => one.after ?? "" },
        { name: "Periods", cell: (one) => grouped(one.periods), numeric: true, sort: (one) => -one.periods },
      ],
      rows: [...moves.values()].sort((a, b) => b.periods - a.periods),
    }),
    h("h2", {}, "Another status"),
    narrowed({
      caption: "Periods with another status", what: ["period with another status", "periods with another status"], rows: found.changed, columns, search,
      filters: [{ name: "Before", of: (one) => one.before, words: said, none: "Not there" }, { name: "Now", of: (one) => one.after, words: said, none: "Not there" }],
    }),
    h("h2", {}, "The same status, other verdicts or days"),
    narrowed({
      caption: "Periods with the same status", what: ["period with the same status", "periods with the same status"], rows: found.same_status, columns: columns.filter(({ name }) => name !== "Before"), search,
      filters: [{ name: "Status", of: (one) => one.after, words: said }],
    }));
}
