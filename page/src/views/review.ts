// Questions that only a person can answer, answered here and kept as agreements.
import type { Context } from "../context";
import { records } from "../csv";
import { dateInput } from "../date-input";
import { field, choice, grouped, h, inWords, newId, notice, pounds, problem } from "../dom";
import { add, saveButton, type Kept } from "../kept";
import { working } from "../working";
import { check } from "./decisions";

interface Review {
  periods_in_review: number;
  things_to_settle: number;
  value_at_the_payment: string;
  claimable_if_met: number;
  value_if_met: string;
}

type Question = Record<string, string>;

/// The table, with its columns in the order of the engine's sheet.
const AGREEMENTS: Kept = {
  file: "agreements.csv",
  columns: ["case_id", "rule", "person_id", "academic_year", "term", "answer", "reason", "agreed_by", "agreed_on", "until", "evidence"],
  must: ["case_id", "rule", "answer", "reason", "agreed_by", "agreed_on"],
};
const AT_ONCE = 10;

export function review(context: Context): HTMLElement {
  const said = h("div", { "aria-live": "polite" });
  const body = h("div", {});
  const show = () =>
    working(context, said, "Looking for what waits for a person", async () => {
      const [found, questions] = await context.once("review", async () => {
        const data = await context.engine.data<Review>(["review", "data", "--as-at", context.asAt, "--out", "outputs/review"]);
        const files = await context.engine.read("outputs/review");
        const sheet = files.find(({ path }) => path === "agreements_to_fill.csv");
        return [data, sheet ? records(new TextDecoder().decode(sheet.bytes)) : []] as const;
      });
      body.replaceChildren(drawn(context, said, found, questions, show));
    });
  void show();
  return h("div", {}, h("h1", { tabindex: "-1" }, "Questions to answer"), said, body);
}

function drawn(context: Context, said: HTMLElement, found: Review, questions: Question[], again: () => Promise<boolean>): HTMLElement {
  const answers = new Map<Question, { answer: string; reason: string; evidence: string }>();
  const by = h("input", { type: "text", id: newId("by"), autocomplete: "off" });
  const on = dateInput("Agreed on", "The first day on which the answers count", context.asAt);
  const [year, ...rest] = context.asAt.split("-");
  const until = dateInput("Agreed until", "The last day on which they count. Leave it blank only if they hold for ever", [Number(year) + 1, ...rest].join("-"));
  const practitioners = [...new Set(questions.map((one) => one["lead_practitioner"] ?? ""))].sort();
  const who = choice([["", "Everybody"], ...practitioners.filter((one) => one !== "").map((one): [string, string] => [one, one])], "", { id: newId("who") });
  const list = h("ol", { class: "questions" });
  const more = h("p", {});
  const count = h("p", { role: "status" });
  let shown = AT_ONCE;
  const counted = () => (count.textContent = answers.size === 0 ? "No question is answered yet." : `${grouped(answers.size)} answered on this page.`);
  const asked = (one: Question): HTMLElement => {
    const name = newId("answer");
    const kept = answers.get(one);
    const reason = h("input", { type: "text", autocomplete: "off", value: kept?.reason ?? "" });
    const evidence = h("input", { type: "text", autocomplete: "off", value: kept?.evidence ?? "" });
    const rest = h("div", { class: "rest", hidden: !kept }, field("Why", reason, "It stands in every explanation from now on"), field("Where it is written down", evidence));
    const set = () => {
      const answer = group.querySelector<HTMLInputElement>("input:checked")?.value ?? "";
      rest.hidden = answer === "";
      if (answer === "") answers.delete(one);
      else answers.set(one, { answer, reason: reason.value, evidence: evidence.value });
      counted();
    };
    const radio = (value: string, words: string) => {
      const id = newId("radio");
      const input = h("input", { type: "radio", id, name, value, onchange: set });
      input.checked = (kept?.answer ?? "") === value;
      return h("div", { class: "check" }, input, h("label", { for: id }, words));
    };
    const group = h("fieldset", { class: "question" },
      h("legend", {}, one["question"] ?? ""),
      h("p", { class: "hint" }, `Case ${one["case_id"]}: ${inWords(one["rule"] ?? "").toLowerCase()}. Ask ${one["lead_practitioner"] || "the team: nobody is named"}. `, h("a", { href: `#/family/${encodeURIComponent(one["case_id"] ?? "")}` }, `Open case ${one["case_id"]}`)),
      radio("met", "Met"), radio("not_met", "Not met"), radio("", "No answer yet"), rest);
    for (const input of [reason, evidence]) input.addEventListener("input", set);
    return h("li", {}, group);
  };
  const draw = () => {
    const left = questions.filter((one) => who.value === "" || one["lead_practitioner"] === who.value);
    list.replaceChildren(...left.slice(0, shown).map(asked));
    const next = () => { const first = shown; shown += AT_ONCE; draw(); list.children[first]?.querySelector<HTMLElement>("input:checked, input")?.focus(); };
    more.replaceChildren(...(left.length > shown ? [`Showing ${shown} of ${grouped(left.length)}. `, h("button", { type: "button", class: "secondary", onclick: next }, "Show more questions")] : []));
  };
  who.addEventListener("change", () => { shown = AT_ONCE; draw(); });
  draw();
  counted();

  const use = async () => {
    const wrong: string[] = [];
    if (answers.size === 0) wrong.push("Answer at least one question.");
    if (by.value.trim() === "") wrong.push("Say who agreed: a name or a panel.");
    if (!on.value()) wrong.push("Enter the day of the agreement.");
    if (!until.isBlank() && !until.value()) wrong.push("Enter a last day that there is, or leave it blank.");
    const nameless = [...answers].filter(([, given]) => given.reason.trim() === "");
    if (nameless.length > 0) wrong.push(`Say why for each answer: ${nameless.map(([one]) => one["case_id"]).join(", ")}.`);
    if (wrong.length > 0) {
      said.replaceChildren(problem(wrong.join("\n")));
      said.scrollIntoView();
      return;
    }
    let after = "";
    const done = await working(context, said, "Deciding again with the answers", async () => {
      const before = (await check(context)).statuses["claimable"] ?? 0;
      const given = [...answers].map(([one, answer]) => ({
        ...one, ...answer, agreed_by: by.value.trim(), agreed_on: on.value() ?? "", until: until.value() ?? "",
      }));
      await add(context, AGREEMENTS, given, async () => {
        const now = (await check(context)).statuses["claimable"] ?? 0;
        after = `${grouped(answers.size)} ${answers.size === 1 ? "answer is" : "answers are"} in agreements.csv. ${grouped(now)} results can be claimed now; before, it was ${grouped(before)}.`;
      });
    });
    if (!done) return;
    await again();
    said.replaceChildren(h("div", { class: "done", role: "status", tabindex: "-1" }, h("h2", {}, "Answers taken"), h("p", {}, after),
      h("p", {}, "Save the file into your data folder, in place of the one that is there: the page keeps nothing."),
      h("p", { class: "buttons" },
        saveButton(context, AGREEMENTS.file, "save-agreements"),
        h("a", { href: "#/decisions" }, "See the decisions"))));
    said.querySelector<HTMLElement>(".done")?.focus();
  };

  if (questions.length === 0) return h("p", {}, "Nothing waits for an answer that a person could give here.");
  return h("div", {},
    h("p", {}, `${grouped(found.periods_in_review)} periods of support wait for a person, worth ${pounds(found.value_at_the_payment)}. If every question that can be answered is answered with “met”, ${grouped(found.claimable_if_met)} of them can be claimed, worth ${pounds(found.value_if_met)}.`),
    notice("Answer only what you know. An answer is an agreement: it stands in the explanation with your reason, your name and the day, for anyone who checks the claim."),
    h("h2", {}, `${grouped(questions.length)} questions`),
    field("Questions for", who), list, more,
    h("h2", {}, "Who agreed, and when"),
    field("Agreed by", by, "A name, or a panel"), on.element, until.element,
    count,
    h("p", { class: "buttons" }, h("button", { type: "button", id: "use-answers", onclick: () => void use() }, "Use these answers")));
}
