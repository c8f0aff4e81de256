// Other rules, targets or circumstances beside today: scenarios, never decisions.
import type { Context } from "../context";
import { capital, chance, choice, field, grouped, h, notice, pounds, problem, statusTag, table } from "../dom";
import { working } from "../working";

interface Figures {
  claimable_families: number; claimable_value: string; value_within_places_left: string | null;
  target: number | null; funded_places: number | null; payment_per_family: string;
  straight_line: { year_end: number; shortfall: string | null } | null;
  expected: { year_end: number; low: number; high: number; grant: { chance_target_reached: number | null; chance_places_used: number | null; expected_at_risk: string | null } | null } | null;
}
interface Standing { status: string; reason: string; in_full: string }
interface Scenario {
  scenario: string; sentence: string; notices: string[]; figures: Figures;
  flips: { case_id: string; family_id: string; from: Standing; to: Standing }[];
}
export interface WhatIf { scenario: string; today: Scenario; scenarios: Scenario[]; explained: string[] }

/// The levers whose share can be set, as the engine says who can act on them.
const ACTORS: [string, string, string][] = [
  ["resolve.practitioner", "Practitioners", "what practitioners can settle this week"],
  ["resolve.school", "Schools", "what schools can settle this week"],
  ["resolve.data_team", "The data team", "what the data team can settle this week"],
];

export function whatif(context: Context): HTMLElement {
  const said = h("div", { "aria-live": "polite" });
  const result = h("div", {});
  const number = (id: string) => h("input", { type: "text", inputmode: "decimal", autocomplete: "off", id, class: "four" });
  const [target, places, payment, threshold, months, openings] = ["target", "places", "payment", "threshold", "months", "openings"].map((one) => number(`whatif-${one}`));
  const basis = choice([["", "As today"], ["each_term", "Each term must reach the threshold"], ["combined", "The terms taken together must reach it"]], "", { id: "whatif-basis" });
  const shares = ACTORS.map(([key, name, about]) => {
    const input = h("input", { type: "range", min: 0, max: 100, step: 10, value: 0, id: `whatif-${key.split(".")[1]}` });
    const shown = h("output", { for: input.id }, "none of it");
    input.addEventListener("input", () => (shown.textContent = input.value === "0" ? "none of it" : `${input.value}% of it`));
    return { key, input, shown, element: h("div", { class: "field" }, h("label", { for: input.id }, `${name}: share of ${about}`), h("div", { class: "slider" }, input, shown)) };
  });
  const settings = (): { set: string[]; wrong: string[] } => {
    const [set, wrong]: [string[], string[]] = [[], []];
    const add = (key: string, input: HTMLInputElement, name: string, allowed: RegExp, what: string) => {
      const value = input.value.trim().replaceAll(",", "").replace(/^£/, "").replace(/%$/, "");
      if (value === "") return;
      if (allowed.test(value)) set.push(`${key}=${value}`);
      else wrong.push(`${name}: enter ${what}.`);
    };
    const whole = /^\d{1,7}$/;
    add("target", target!, "Target", whole, "a whole number, such as 650");
    add("funded_places", places!, "Funded places", whole, "a whole number, such as 600");
    add("payment", payment!, "Payment for each family", /^\d{1,7}(\.\d\d)?$/, "pounds, such as 800");
    add("attendance.threshold_percent", threshold!, "Attendance threshold", /^\d{1,3}(\.\d+)?$/, "a percentage, such as 88");
    add("sustainment.months", months!, "Months", /^\d{1,2}$/, "a whole number, such as 3");
    add("openings_a_month", openings!, "New families", /^[+-]?\d{1,6}$/, "a whole number, or how many more, such as +10");
    if (basis.value !== "") set.push(`attendance.basis=${basis.value}`);
    for (const { key, input } of shares) if (input.value !== "0") set.push(`${key}=${(Number(input.value) / 100).toString()}`);
    return { set, wrong };
  };
  const tryIt = (event?: Event) => {
    event?.preventDefault();
    const { set, wrong } = settings();
    if (wrong.length > 0) {
      said.replaceChildren(problem(wrong.join("\n")));
      said.scrollIntoView();
      return;
    }
    if (set.length === 0) {
      said.replaceChildren(problem("Change at least one thing."));
      said.scrollIntoView();
      return;
    }
    void working(context, said, "Trying it beside today", async () => {
      const found = await context.data<WhatIf>("whatif", ...set.flatMap((one) => ["--set", one]), "--show-families");
      result.replaceChildren(drawn(found));
      result.querySelector<HTMLElement>("h2")?.focus();
    });
  };
  const clear = () => {
    for (const input of [target, places, payment, threshold, months, openings]) input!.value = "";
    basis.value = "";
    for (const { input, shown } of shares) { input.value = "0"; shown.textContent = "none of it"; }
  };
  return h("div", {},
    h("h1", { tabindex: "-1" }, "What if"),
    notice(h("strong", {}, "Scenarios, not decisions. "), "Nothing here says that a result can be claimed, and nothing is changed by it."),
    said,
    h("form", { onsubmit: tryIt, class: "whatif" },
      h("p", {}, "Fill in what should be different. What is left blank stays as it is today."),
      h("fieldset", {}, h("legend", {}, "The year"),
        h("div", { class: "columns" }, field("Target", target!), field("Funded places", places!), field("Payment for each family, in pounds", payment!), field("New families in a month", openings!, "Or how many more than today: +10"))),
      h("fieldset", {}, h("legend", {}, "The rules"),
        h("div", { class: "columns" }, field("Attendance threshold, per cent", threshold!), field("Months that progress must hold", months!), field("How terms are held against the threshold", basis))),
      h("fieldset", {}, h("legend", {}, "What is settled"), shares.map(({ element }) => element)),
      h("p", { class: "buttons" }, h("button", { type: "submit", id: "try-it" }, "Try it"), h("button", { type: "button", class: "secondary", onclick: clear }, "Clear"))),
    result);
}

function drawn(found: WhatIf): HTMLElement {
  const one = found.scenarios[found.scenarios.length - 1]!;
  const [now, then] = [found.today.figures, one.figures];
  const whole = (value: number | null | undefined) => (value === null || value === undefined ? "not known" : grouped(value));
  const about = (value: number | null | undefined) => (value === null || value === undefined ? "not known" : grouped(Math.round(value)));
  const of = (figures: Figures): [string, string][] => [
    ["Families claimable now", whole(figures.claimable_families)],
    ["Worth", pounds(figures.claimable_value)],
    ["Worth within the places left", pounds(figures.value_within_places_left)],
    ["Target", whole(figures.target)],
    ["Funded places", whole(figures.funded_places)],
    ["Straight line to the year’s end", whole(figures.straight_line?.year_end)],
    ["Claims to be expected by the year’s end", about(figures.expected?.year_end)],
    ["Range of them", figures.expected ? `${grouped(figures.expected.low)} to ${grouped(figures.expected.high)}` : "not known"],
    ["Chance of reaching the target", chance(figures.expected?.grant?.chance_target_reached)],
    ["Chance of using all places", chance(figures.expected?.grant?.chance_places_used)],
    ["Grant at risk, to be expected", pounds(figures.expected?.grant?.expected_at_risk)],
  ];
  const rows = of(now).map(([name, today], at) => ({ name, today, then: of(then)[at]![1] }));
  return h("div", {},
    h("h2", { tabindex: "-1" }, "Beside today"),
    h("p", { id: "whatif-sentence" }, one.sentence),
    one.notices.map((words) => notice(words)),
    table({
      caption: "Today and the scenario",
      columns: [
        { name: "Figure", cell: (row) => row.name },
        { name: "Today", cell: (row) => row.today, numeric: true },
        { name: "The scenario", cell: (row) => (row.then === row.today ? row.then : h("strong", {}, row.then)), numeric: true },
      ],
      rows,
    }),
    h("h2", {}, `Families that would stand elsewhere: ${grouped(one.flips.length)}`),
    one.flips.length === 0 ? h("p", {}, "None.") : table({
      caption: "Families that would stand elsewhere", hidden: true,
      columns: [
        { name: "Case", cell: (row) => h("a", { class: "nowrap", href: `#/family/${encodeURIComponent(row.case_id)}` }, row.case_id), sort: (row) => row.case_id },
        { name: "Family", cell: (row) => row.family_id, sort: (row) => row.family_id },
        { name: "Today", cell: (row) => statusTag(row.from.status), sort: (row) => row.from.status },
        { name: "In the scenario", cell: (row) => statusTag(row.to.status), sort: (row) => row.to.status },
        { name: "Why", cell: (row) => capital(row.to.in_full) },
      ],
      rows: one.flips,
    }),
    found.explained.map((words) => h("p", { class: "hint" }, words)));
}
