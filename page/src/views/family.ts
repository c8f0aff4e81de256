// One family opened: its explanation, what happened when, what is still needed and whom to ask.
import type { Context } from "../context";
import { timeline, type TimelineLine } from "../charts";
import { capital, day, details, h, inWords, notice, pounds, statusTag, statusWord, table } from "../dom";
import { working } from "../working";

interface Fact { text: string; file: string | null; row: number | null }
interface Parameter { value: string; unit: string; standing: string; source: string }
interface Ruling { rule: string; verdict: string; because: string; facts: Fact[]; parameters: Record<string, Parameter>; would_settle_it: string | null; by_agreement: { instead_of: string; agreement: Fact } | null }
interface Term { academic_year: string; term: string; possible: number | null; attended: number | null; percent: string | null; verdict: string; because: string; records: string[]; would_settle_it: string | null }
interface Child { person_id: string; name: string | null; verdict: string; because: string; terms: Term[] }
interface Explanation {
  as_at: string; framework: string; case_id: string; family_id: string; opened_on: string; closed_on: string | null;
  cases: Fact[]; status: string; status_meaning: string; kind: string | null; reason: string;
  earliest_claim_on: string | null; earliest_possible_on: string | null; until_then: string | null;
  as_it_stood_when_claimed?: PastClaim[];
  facts: Fact[]; rulings: Ruling[]; children: Child[]; claims: Fact[]; links: string[];
}
interface PastClaim {
  claim_id: string; submitted_on: string; outcome: string; result: string; period: string | null; status: string | null; by_agreement: string[];
  reason: string; rules: string | null; known_since: string | null; prepared_as_at: string | null;
  missing: string[]; still_to_be_had: string[]; payment: string | null; quarter: string;
}
interface Evidence { claims: { explanation: Explanation; timeline: { lines: TimelineLine[] } }[] }

const VERDICT: Record<string, [string, string]> = {
  met: ["Met", "✓"], not_met: ["Not met", "✕"], not_yet: ["Not yet", "◷"], unknown: ["Unknown", "?"], not_applicable: ["Does not apply", "–"],
};

export function verdictTag(word: string): HTMLElement {
  const key = Object.keys(VERDICT).find((one) => word === one) ?? (word.startsWith("not_yet") ? "not_yet" : word);
  const [name, shape] = VERDICT[key] ?? [inWords(word), "·"];
  return h("span", { class: `tag verdict-${key}` }, h("span", { "aria-hidden": "true" }, `${shape} `), name);
}

/// How a past claim stands: the class that colours it, its words and its shape.
const STANDS: Record<string, [string, string, string]> = {
  sound: ["met", "Sound", "✓"], sound_by_agreement: ["met", "Sound only by agreement", "✓"],
  cannot_be_shown: ["unknown", "Cannot be shown", "?"], would_fail: ["not_met", "Would fail", "✕"],
};

function standsTag(result: string): HTMLElement {
  const [kind, name, shape] = STANDS[result] ?? ["unknown", inWords(result), "·"];
  return h("span", { class: `tag verdict-${kind}` }, h("span", { "aria-hidden": "true" }, `${shape} `), name);
}

function pastClaim(one: PastClaim): HTMLElement {
  const line = (name: string, value: string | null | undefined) => (value ? h("div", {}, h("dt", {}, name), h("dd", {}, value)) : undefined);
  return h("section", { class: "card past-claim" },
    h("h4", {}, `Claim ${one.claim_id} `, standsTag(one.result)),
    h("p", {}, one.reason),
    h("dl", { class: "summary" },
      line("Submitted", `${day(one.submitted_on)}, ${one.outcome === "submitted" ? "not decided yet" : inWords(one.outcome).toLowerCase()}`),
      line("Status on the day before", one.status ? statusWord(one.status) : null),
      line("Rules of that day", one.rules),
      line("Rests on agreements on", one.by_agreement.map((rule) => inWords(rule).toLowerCase()).join(", ")),
      line("Prepared as at", one.prepared_as_at ? day(one.prepared_as_at) : null),
      line("Since when it was known", one.known_since),
      line("Payment", one.payment ? `${pounds(one.payment)}, ${one.quarter}` : null)),
    one.missing.length > 0
      ? table({
          caption: "What is missing",
          columns: [
            { name: "Missing", cell: (pair) => pair.missing },
            { name: "Can it still be had?", cell: (pair) => pair.still },
          ],
          rows: one.missing.map((missing, at) => ({ missing, still: one.still_to_be_had[at] ?? "" })),
        }) : undefined);
}

const place = (fact: Fact) => (fact.file ? h("span", { class: "where" }, ` ${fact.file}${fact.row ? `, row ${fact.row}` : ""}`) : undefined);
const facts = (all: Fact[]) => (all.length === 0 ? undefined : h("ul", {}, all.map((fact) => h("li", {}, fact.text, place(fact)))));

export function family(context: Context, id: string): HTMLElement {
  const said = h("div", { "aria-live": "polite" });
  const body = h("div", {});
  const names = h("input", { type: "checkbox", id: "show-names" });
  const show = () =>
    working(context, said, `Explaining ${id}`, async () => {
      // Behind the dashes an id that begins with one is no option.
      const found = await context.data<Evidence>("evidence", ...(names.checked ? ["--show-names"] : []), "--", id);
      body.replaceChildren(...found.claims.map((one) => drawn(one.explanation, one.timeline.lines)));
    });
  names.addEventListener("change", () => void show());
  void show();
  return h("div", {},
    h("p", { class: "back" }, h("a", { href: "#/decisions" }, "Back to the decisions")),
    h("h1", { tabindex: "-1" }, id),
    h("div", { class: "check" }, names, h("label", { for: "show-names" }, "Show names beside ids")),
    said, body);
}

function drawn(one: Explanation, lines: TimelineLine[]): HTMLElement {
  const due = [
    ...(one.earliest_claim_on && one.status !== "claimed" ? [{ what: "earliest claim", on: one.earliest_claim_on }] : []),
  ];
  const needed = one.rulings.filter((ruling) => ruling.would_settle_it);
  const children = one.children.map((child) =>
    h("section", { class: "card" },
      h("h3", {}, child.name ? `${child.name} (${child.person_id})` : child.person_id, " ", verdictTag(child.verdict)),
      table({
        caption: `Terms of ${child.person_id}`, hidden: true,
        columns: [
          { name: "Term", cell: (term: Term) => `${term.term} ${term.academic_year}` },
          { name: "Attended", cell: (term) => (term.attended === null ? "not on record" : `${term.attended} of ${term.possible}`), numeric: true },
          { name: "Per cent", cell: (term) => term.percent ?? "", numeric: true },
          { name: "Verdict", cell: (term) => verdictTag(term.verdict) },
          { name: "Why", cell: (term) => [term.because, term.would_settle_it ? h("p", {}, h("strong", {}, "Would settle it: "), term.would_settle_it) : undefined] },
          { name: "Rows", cell: (term) => term.records.join("; ") },
        ],
        rows: child.terms,
      })));
  return h("article", {},
    h("h2", {}, `Case ${one.case_id} of family ${one.family_id}`),
    h("p", { class: "verdict" }, statusTag(one.status), " ", one.reason),
    h("dl", { class: "summary" },
      h("div", {}, h("dt", {}, "Supported"), h("dd", {}, `${day(one.opened_on)} to ${one.closed_on ? day(one.closed_on) : "today"}`)),
      h("div", {}, h("dt", {}, "Kind of claim"), h("dd", {}, one.kind ? inWords(one.kind) : "Not known")),
      h("div", {}, h("dt", {}, "Earliest claim"), h("dd", {}, one.status === "claimable" ? "Now" : one.status === "claimed" ? "Claimed already" : one.earliest_claim_on ? day(one.earliest_claim_on) : "No day can be said")),
      one.until_then ? h("div", {}, h("dt", {}, "Until then"), h("dd", {}, capital(one.until_then))) : undefined),
    needed.length > 0
      ? notice(h("strong", {}, "Still needed, and from whom"), h("ul", {}, needed.map((ruling) => h("li", {}, `${inWords(ruling.rule)}: ${ruling.would_settle_it}`)))) : undefined,
    h("h3", {}, "What happened when"),
    lines.length > 0
      ? h("figure", {},
          h("div", { class: "scroll", role: "region", tabindex: "0", "aria-label": `Timeline of case ${one.case_id}` },
            timeline({ title: `Timeline of case ${one.case_id}`, about: `${lines.length} lines: stretches of days as bars, single days as diamonds, days to come as rings. The table below has every day.`, lines, asAt: one.as_at, due }) as unknown as HTMLElement),
          details("The days as a table", table({
            caption: "Days of the timeline", hidden: true,
            columns: [
              { name: "What", cell: (line: TimelineLine) => line.what },
              { name: "From", cell: (line) => day(line.from) },
              { name: "To", cell: (line) => (line.goes_on ? "goes on" : day(line.to)) },
            ],
            rows: [...lines, ...due.map((one) => ({ what: one.what, from: one.on, to: one.on, goes_on: false }))],
          })))
      : h("p", {}, "Nothing with a day is on record."),
    one.as_it_stood_when_claimed?.length
      ? h("div", {}, h("h3", {}, "As it stood when claimed, on today’s records"),
          h("p", { class: "hint" }, "Each claim judged as at the day before it was submitted, by the rules of that day."),
          one.as_it_stood_when_claimed.map(pastClaim)) : undefined,
    h("h3", {}, "Each rule"),
    one.rulings.map((ruling) =>
      h("section", { class: "card" },
        h("h4", {}, inWords(ruling.rule), " ", verdictTag(ruling.verdict)),
        h("p", {}, capital(ruling.because)),
        ruling.by_agreement ? h("p", {}, h("strong", {}, "By agreement: "), ruling.by_agreement.agreement.text, place(ruling.by_agreement.agreement), `. Without it: ${inWords(ruling.by_agreement.instead_of).toLowerCase()}.`) : undefined,
        facts(ruling.facts),
        Object.keys(ruling.parameters).length > 0
          ? details("The rule’s values and where they come from", table({
              caption: `Values of ${ruling.rule}`, hidden: true,
              columns: [
                { name: "Value of", cell: ([key]: [string, Parameter]) => h("code", {}, key) },
                { name: "Is", cell: ([, value]) => `${value.value}${["choice", "yes or no", "date"].includes(value.unit) ? "" : ` ${value.unit}`}` },
                { name: "Standing", cell: ([, value]) => inWords(value.standing) },
                { name: "Source", cell: ([, value]) => value.source },
              ],
              rows: Object.entries(ruling.parameters),
            })) : undefined)),
    children.length > 0 ? h("div", {}, h("h3", {}, "Children and their terms"), children) : undefined,
    one.claims.length > 0 ? h("div", {}, h("h3", {}, "Claims of the family"), facts(one.claims)) : undefined,
    one.links.length > 0 ? h("div", {}, h("h3", {}, "Links"), h("ul", {}, one.links.map((link) => h("li", {}, link)))) : undefined,
    h("p", { class: "hint" }, `By ${one.framework}, as at ${day(one.as_at)}.`));
}
