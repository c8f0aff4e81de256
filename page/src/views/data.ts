// What is wrong with the data, by file and with the cell; and the as-at date.
import type { Context } from "../context";
import { records } from "../csv";
import { dateInput } from "../date-input";
import { choice, day, details, field, grouped, h, inWords, notice, problem, table } from "../dom";
import { working } from "../working";
import { confirm } from "./confirm";

interface Rows { read: number; used: number; repeated: number; quarantined: number }
interface Sample { file: string | null; row: number | null; column: string | null; value: string | null; message: string; record: string | null }
interface ByCode { finding: string; severity: string; title: string; why: string; what_to_do: string; count: number; samples: Sample[] }
interface Validated {
  rows: Record<string, Rows>;
  findings: Record<string, number>;
  by_code: ByCode[];
}

const SEVERITY: Record<string, [string, string]> = { error: ["Error", "✕"], warning: ["Warning", "!"], note: ["Note", "i"] };

export function severity(word: string): HTMLElement {
  const [name, shape] = SEVERITY[word] ?? [word, "·"];
  return h("span", { class: `tag severity-${word}` }, h("span", { "aria-hidden": "true" }, `${shape} `), name);
}

export function dateForm(context: Context): HTMLElement {
  const input = dateInput("The day to decide for", "Nothing after it exists: for example 30 9 2024", context.asAt);
  const wrong = h("div", {});
  const use = (event: Event) => {
    event.preventDefault();
    const value = input.value();
    if (!value) {
      wrong.replaceChildren(problem("Enter a day that there is, such as 30 9 2024."));
      return;
    }
    if (value !== context.asAt) context.forget();
    context.asAt = value;
    context.changed();
    context.go("decisions");
  };
  return h("form", { onsubmit: use, class: "as-at" }, wrong, input.element, h("button", { type: "submit" }, "Decide for this day"));
}

export function data(context: Context): HTMLElement {
  const said = h("div", { "aria-live": "polite" });
  const body = h("div", {});
  const show = (): Promise<boolean> => working(context, said, "Checking the data", async () => {
    const when = context.asAt ? ["--as-at", context.asAt] : [];
    const [found, all] = await context.once("validate", async () => {
      const data = await context.engine.data<Validated>(["validate", "data", ...when, "--out", "outputs/validate"]);
      const files = await context.engine.read("outputs/validate");
      const listed = files.find(({ path }) => path === "findings.csv");
      return [data, listed ? records(new TextDecoder().decode(listed.bytes)) : []] as const;
    });
    body.replaceChildren(drawn(context, found, all, said, show));
  });
  void show();
  return h("div", {}, h("h1", { tabindex: "-1" }, "Your data"), said, body);
}

function drawn(context: Context, found: Validated, all: Record<string, string>[], said: HTMLElement, again: () => Promise<boolean>): HTMLElement {
  const counts = table({
    caption: "Rows of each table",
    columns: [
      { name: "Table", cell: ([name]) => inWords(name) },
      { name: "Read", cell: ([, rows]) => grouped(rows.read), numeric: true },
      { name: "Used", cell: ([, rows]) => grouped(rows.used), numeric: true },
      { name: "Given twice", cell: ([, rows]) => grouped(rows.repeated), numeric: true },
      { name: "Set aside", cell: ([, rows]) => grouped(rows.quarantined), numeric: true },
    ],
    rows: Object.entries(found.rows),
  });
  const cards = found.by_code.map((one) =>
    h("section", { class: "card" },
      h("h3", {}, severity(one.severity), " ", one.title, " ", h("span", { class: "count" }, `${grouped(one.count)} ${one.count === 1 ? "time" : "times"}`)),
      h("p", {}, one.why),
      h("p", {}, h("strong", {}, "What to do: "), one.what_to_do)));
  const list = h("div", {});
  const files = [...new Set(all.map((row) => row["file"] ?? ""))].filter((file) => file !== "").sort();
  const byFile = choice([["", "All files"], ...files.map((file): [string, string] => [file, file])]);
  const show = () => {
    const rows = byFile.value === "" ? all : all.filter((row) => row["file"] === byFile.value);
    list.replaceChildren(table({
      caption: `${grouped(rows.length)} ${rows.length === 1 ? "finding" : "findings"}${byFile.value ? ` in ${byFile.value}` : ""}`,
      columns: [
        { name: "Where", cell: (row) => (row["file"] ? `${row["file"]}${row["row"] ? `, row ${row["row"]}` : ""}${row["column"] ? `, ${row["column"]}` : ""}` : "The folder") },
        { name: "Severity", cell: (row) => severity(row["severity"] ?? ""), sort: (row) => ["error", "warning", "note"].indexOf(row["severity"] ?? "") },
        { name: "In the cell", cell: (row) => (row["value"] ? h("code", {}, row["value"]) : "") },
        { name: "What is wrong", cell: (row) => row["message"] ?? "" },
      ],
      rows,
    }));
  };
  byFile.addEventListener("change", show);
  show();
  const { error = 0, warning = 0, note = 0 } = found.findings;
  const sum = error + warning + note;
  return h("div", {},
    h("h2", {}, "As-at date"),
    context.asAt ? h("p", {}, "Decided for ", h("strong", {}, day(context.asAt)), ".") : notice("Say for which day to decide. What depends on a day is looked at then."),
    dateForm(context),
    h("h2", {}, "What was read"), counts,
    h("h2", {}, "What is wrong"),
    sum === 0
      ? h("p", {}, "Nothing was found.")
      : h("p", {}, `${grouped(error)} ${error === 1 ? "error" : "errors"}, ${grouped(warning)} ${warning === 1 ? "warning" : "warnings"} and ${grouped(note)} ${note === 1 ? "note" : "notes"}. A row with an error could not be used, and the family it is about may be unknown because of it.`),
    cards,
    sum === 0 ? undefined : h("section", {}, h("h2", {}, "Each of them, by file"), field("File", byFile), list),
    confirm(context, said, all, new Map(found.by_code.map((one) => [one.finding, one.title])), again),
    details("Change what each file is", h("p", {}, "The settings of the folder say which file is which table."), h("p", {}, h("a", { href: "#/settings" }, "Open the settings"))));
}
