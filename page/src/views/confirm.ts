// Warnings that a person has looked at and found right as they stand, kept as confirmations.
import type { Context } from "../context";
import { dateInput } from "../date-input";
import { capital, choice, field, grouped, h, mistakes, newId, notice } from "../dom";
import { add, saveButton, type Kept } from "../kept";
import { working } from "../working";

const CONFIRMATIONS: Kept = {
  file: "confirmations.csv",
  columns: ["finding", "record", "confirmed_by", "confirmed_on", "reason", "until"],
  must: ["finding", "confirmed_by", "confirmed_on", "reason"],
};
const AT_ONCE = 10;

type Found = Record<string, string>;

/// What one confirmation covers: every finding of a code and a record.
interface Warning { finding: string; record: string; file: string; rows: Found[] }

function warnings(all: Found[]): Warning[] {
  const found = new Map<string, Warning>();
  for (const row of all) {
    // What a confirmation is itself warned of cannot be confirmed.
    if (row["severity"] !== "warning" || /^confirmations\b/.test(row["file"] ?? "")) continue;
    const [finding, record] = [row["finding"] ?? "", row["record"] ?? ""];
    const key = `${finding}\n${record}`;
    const one = found.get(key) ?? { finding, record, file: row["file"] ?? "", rows: [] };
    one.rows.push(row);
    found.set(key, one);
  }
  return [...found.values()];
}

/// `again` looks at the data anew and draws the view; it gives where to say what was done.
export function confirm(context: Context, said: HTMLElement, all: Found[], titles: Map<string, string>, again: () => Promise<boolean>): HTMLElement | undefined {
  const every = warnings(all);
  if (every.length === 0) return undefined;
  const reasons = new Map<Warning, string>();
  const by = h("input", { type: "text", id: newId("by"), autocomplete: "off" });
  const on = dateInput("Looked at on", "The first day on which the confirmation counts", context.asAt);
  const until = dateInput("Look again after", "The last day on which it counts. Leave it blank only if it holds for ever", "");
  const kind = choice([["", "All warnings"], ...[...new Set(every.map((one) => one.finding))].sort().map((code): [string, string] => [code, titles.get(code) ?? code])], "", { id: newId("kind") });
  const list = h("ol", { class: "questions" });
  const more = h("p", {});
  const count = h("p", { role: "status" });
  let shown = AT_ONCE;
  const counted = () => (count.textContent = reasons.size === 0 ? "No warning is chosen yet." : `${grouped(reasons.size)} ${reasons.size === 1 ? "warning is" : "warnings are"} chosen.`);
  const offered = (one: Warning): HTMLElement => {
    const check = h("input", { type: "checkbox", id: newId("confirm") });
    check.checked = reasons.has(one);
    const reason = h("input", { type: "text", autocomplete: "off", value: reasons.get(one) ?? "" });
    const rest = h("div", { class: "rest", hidden: !check.checked }, field("Why it is right", reason, "It stands beside the warning from now on"));
    const set = () => {
      rest.hidden = !check.checked;
      if (check.checked) reasons.set(one, reason.value);
      else reasons.delete(one);
      counted();
    };
    check.addEventListener("change", set);
    reason.addEventListener("input", set);
    const where = one.rows.map((row) => (row["file"] ? `${row["file"]}${row["row"] ? `, row ${row["row"]}` : ""}` : "The folder"));
    const group = h("fieldset", { class: "question" },
      h("legend", {}, capital(one.rows[0]!["message"] ?? "")),
      h("p", { class: "hint" }, `${(titles.get(one.finding) ?? one.finding).replace(/\.$/, "")}. ${where.slice(0, 5).join("; ")}${where.length > 5 ? ` and ${where.length - 5} more` : ""}.`),
      h("div", { class: "check" }, check, h("label", { for: check.id }, one.rows.length > 1 ? `It is right as it stands, and so are the ${one.rows.length - 1} others of ${one.record === "" ? "this kind without a record" : one.record}` : "It is right as it stands")),
      rest);
    return h("li", {}, group);
  };
  const draw = () => {
    const left = every.filter((one) => kind.value === "" || one.finding === kind.value);
    list.replaceChildren(...left.slice(0, shown).map(offered));
    const next = () => { const first = shown; shown += AT_ONCE; draw(); list.children[first]?.querySelector<HTMLElement>("input")?.focus(); };
    more.replaceChildren(...(left.length > shown ? [`Showing ${shown} of ${grouped(left.length)}. `, h("button", { type: "button", class: "secondary", onclick: next }, "Show more warnings")] : []));
  };
  kind.addEventListener("change", () => { shown = AT_ONCE; draw(); });
  draw();
  counted();

  const use = async () => {
    const wrong: { words: string; at: HTMLElement }[] = [];
    const first = (inside: HTMLElement) => inside.querySelector<HTMLElement>("input") ?? inside;
    if (reasons.size === 0) wrong.push({ words: "Choose at least one warning.", at: first(list) });
    const without = [...reasons].filter(([, why]) => why.trim() === "").length;
    if (without > 0) {
      const blank = [...list.querySelectorAll<HTMLInputElement>(".rest:not([hidden]) input")].find((input) => input.value.trim() === "");
      wrong.push({ words: `Say why it is right, for each warning: ${grouped(without)} ${without === 1 ? "has" : "have"} no reason.`, at: blank ?? kind });
    }
    if (by.value.trim() === "") wrong.push({ words: "Say who looked at it.", at: by });
    if (!on.value()) wrong.push({ words: "Enter the day on which it was looked at.", at: first(on.element) });
    if (!until.isBlank() && !until.value()) wrong.push({ words: "Enter a day after which to look again that there is, or leave it blank.", at: first(until.element) });
    if (wrong.length > 0) {
      const summary = mistakes(wrong);
      said.replaceChildren(summary);
      summary.scrollIntoView();
      summary.focus();
      return;
    }
    const given = [...reasons].map(([one, reason]) => ({
      finding: one.finding, record: one.record, reason: reason.trim(), confirmed_by: by.value.trim(), confirmed_on: on.value() ?? "", until: until.value() ?? "",
    }));
    const done = await working(context, said, "Checking the data with the confirmations", () =>
      add(context, CONFIRMATIONS, given, async () => {
        await context.engine.run(["validate", "data", ...(context.asAt ? ["--as-at", context.asAt] : [])]);
      }));
    if (!done || !(await again())) return;
    said.replaceChildren(h("div", { class: "done", role: "status", tabindex: "-1" },
      h("h2", {}, "Confirmations taken"),
      h("p", {}, `${grouped(given.length)} ${given.length === 1 ? "confirmation is" : "confirmations are"} in confirmations.csv. A confirmed warning is a note, with who, when and why. No decision is changed by it.`),
      h("p", {}, "Save the file into your data folder, in place of the one that is there: the page keeps nothing."),
      h("p", { class: "buttons" }, saveButton(context, CONFIRMATIONS.file, "save-confirmations"))));
    said.querySelector<HTMLElement>(".done")?.focus();
  };
  return h("section", { id: "confirm" },
    h("h2", {}, "Warnings that are right as they stand"),
    notice("Confirm a warning only when somebody has looked at it. It is then a note that says who confirmed it, when and why. An error cannot be confirmed: correct its row."),
    field("Kind of warning", kind), list, more,
    h("h3", {}, "Who looked at them, and when"),
    field("Looked at by", by, "A name, or a panel"), on.element, until.element,
    count,
    h("p", { class: "buttons" }, h("button", { type: "button", id: "use-confirmations", onclick: () => void use() }, "Confirm these warnings")));
}
