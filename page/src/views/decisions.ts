// Every decision, to filter and to open.
import type { Context } from "../context";
import { choice, day, field, grouped, h, inWords, notice, pounds, statusTag, statusWord, table } from "../dom";
import { working } from "../working";

export interface DecisionRow {
  case_id: string;
  family_id: string;
  source: string | string[];
  team: string | null;
  lead_practitioner: string | null;
  status: string;
  kind: string | null;
  earliest_claim_on: string | null;
  earliest_possible_on: string | null;
  reason_kind: string;
  reason: string;
}

export interface Checked {
  as_at: string;
  rules: string;
  notices: string[];
  periods: number;
  families: number;
  statuses: Record<string, number>;
  payment_per_family: string;
  value_of_claimable: string;
  value_within_places_left: string | null;
  claimable_by_agreement: { periods: number; value: string };
  places_left: number | null;
  reasons: { status: string; reason: string; periods: number; value: string }[];
  cases_without_a_decision: string[];
  decisions: DecisionRow[];
}

/// Decides, and writes the outputs. Each folder of outputs is made anew.
export const check = (context: Context): Promise<Checked> =>
  context.once("check", () => context.engine.data<Checked>(["check", "data", "--as-at", context.asAt, "--out", "outputs/check"]));

const ORDER = ["claimable", "review", "waiting", "low_attendance", "in_progress", "not_claimable", "not_eligible", "claimed"];

/// What was chosen stays chosen while a person goes to a family and back.
const chosen = { status: "", team: "", practitioner: "", reason: "", words: "" };

export function decisions(context: Context): HTMLElement {
  const said = h("div", { "aria-live": "polite" });
  const body = h("div", {});
  void working(context, said, "Deciding every period of support", async () => {
    body.replaceChildren(drawn(await check(context)));
  });
  return h("div", {}, h("h1", { tabindex: "-1" }, "Decisions"), said, body);
}

function drawn(found: Checked): HTMLElement {
  const rows = found.decisions;
  const options = (of: (row: DecisionRow) => string | null, words = (value: string) => value): [string, string][] => {
    const counts = new Map<string, number>();
    for (const row of rows) counts.set(of(row) ?? "—", (counts.get(of(row) ?? "—") ?? 0) + 1);
    const named = [...counts].sort(([a], [b]) => a.localeCompare(b, "en-GB"));
    return [["", "All"], ...named.map(([value, count]): [string, string] => [value, `${value === "—" ? "None named" : words(value)} (${grouped(count)})`])];
  };
  const status = choice(options((row) => row.status, statusWord), chosen.status, { id: "filter-status" });
  const team = choice(options((row) => row.team), chosen.team, { id: "filter-team" });
  const practitioner = choice(options((row) => row.lead_practitioner), chosen.practitioner, { id: "filter-practitioner" });
  const reason = choice(options((row) => row.reason_kind, inWords), chosen.reason, { id: "filter-reason" });
  const words = h("input", { type: "search", id: "filter-words", value: chosen.words, autocomplete: "off" });
  const list = h("div", {});
  const sum = h("p", { role: "status", class: "sum" });
  const show = () => {
    Object.assign(chosen, { status: status.value, team: team.value, practitioner: practitioner.value, reason: reason.value, words: words.value });
    const is = (wanted: string, value: string | null) => wanted === "" || wanted === (value ?? "—");
    const wanted = words.value.trim().toLowerCase();
    const left = rows.filter((row) =>
      is(status.value, row.status) && is(team.value, row.team) && is(practitioner.value, row.lead_practitioner) && is(reason.value, row.reason_kind) &&
      (wanted === "" || row.case_id.toLowerCase().includes(wanted) || row.family_id.toLowerCase().includes(wanted)));
    const claimable = left.filter((row) => row.status === "claimable").length;
    const money = pounds((claimable * Number(found.payment_per_family)).toFixed(2));
    sum.replaceChildren(h("strong", {}, `${grouped(left.length)} of ${grouped(rows.length)}`), ` periods of support; ${grouped(claimable)} of them claimable, worth ${money} at ${pounds(found.payment_per_family)} each.`);
    list.replaceChildren(table({
      caption: "Periods of support", hidden: true,
      columns: [
        { name: "Case", cell: (row) => h("a", { class: "nowrap", href: `#/family/${encodeURIComponent(row.case_id)}` }, row.case_id), sort: (row) => row.case_id },
        { name: "Family", cell: (row) => row.family_id, sort: (row) => row.family_id },
        { name: "Status", cell: (row) => statusTag(row.status), sort: (row) => ORDER.indexOf(row.status) },
        { name: "Why", cell: (row) => row.reason },
        { name: "Earliest claim", cell: (row) => (row.earliest_claim_on ? h("span", { class: "nowrap" }, day(row.earliest_claim_on)) : ""), sort: (row) => row.earliest_claim_on ?? "9999" },
        { name: "Team", cell: (row) => row.team ?? "", sort: (row) => row.team ?? "" },
        { name: "Practitioner", cell: (row) => row.lead_practitioner ?? "", sort: (row) => row.lead_practitioner ?? "" },
      ],
      rows: [...left].sort((a, b) => ORDER.indexOf(a.status) - ORDER.indexOf(b.status)),
    }));
  };
  for (const input of [status, team, practitioner, reason]) input.addEventListener("change", show);
  words.addEventListener("input", show);
  show();
  const clear = () => {
    for (const input of [status, team, practitioner, reason]) input.value = "";
    words.value = "";
    show();
  };
  const tiles = ORDER.filter((one) => found.statuses[one]).map((one) => {
    const pick = () => { status.value = one; show(); list.querySelector<HTMLElement>(".scroll")?.focus(); };
    return h("li", {}, h("button", { type: "button", class: "tile", onclick: pick, "data-status": one }, statusTag(one), h("span", { class: "big" }, grouped(found.statuses[one] ?? 0))));
  });
  const places = found.places_left === null ? undefined
    : h("p", {}, `${grouped(found.places_left)} funded places are left this year; within them what can be claimed is worth ${pounds(found.value_within_places_left)}.`);
  return h("div", {},
    found.notices.map((one) => notice(one)),
    h("div", { class: "headline" },
      h("p", { class: "figure" }, h("span", { class: "big" }, grouped(found.statuses["claimable"] ?? 0)), " results can be claimed now"),
      h("p", { class: "figure" }, h("span", { class: "big" }, pounds(found.value_of_claimable)), ` at ${pounds(found.payment_per_family)} each`)),
    places,
    found.claimable_by_agreement.periods > 0
      ? h("p", {}, `${grouped(found.claimable_by_agreement.periods)} of them rest on agreements, worth ${pounds(found.claimable_by_agreement.value)}: the records alone are not enough.`) : undefined,
    found.cases_without_a_decision.length > 0
      ? notice(`${grouped(found.cases_without_a_decision.length)} cases have no decision, because their rows could not be read: ${found.cases_without_a_decision.slice(0, 5).join("; ")}.`) : undefined,
    h("h2", {}, "By status"), h("ul", { class: "tiles" }, tiles),
    h("h2", {}, "Each period of support"),
    h("div", { class: "filters" }, field("Status", status), field("Team", team), field("Practitioner", practitioner), field("Reason", reason),
      field("Case or family", words), h("p", {}, h("button", { type: "button", class: "secondary", onclick: clear }, "Clear filters"))),
    sum, list);
}
