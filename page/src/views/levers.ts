// Which single thing holds most families back, and who can act on it.
import type { Context } from "../context";
import { bars, figure } from "../charts";
import { capital, grouped, h, inWords, notice, pounds, table, withoutCommands } from "../dom";
import { narrowed } from "../filtered";
import { working } from "../working";

interface Lever { rule: string; reason: string; who: string; this_week: boolean; needs: string; alone: number; for_one_child: number; with_others: number; value: string; value_within_places: string | null }
interface Levers {
  notices: string[]; payment_per_family: string; claimable_families: number; families_held: number; held_by_one_reason: number;
  places_left: number | null; this_week: { families_that_need_one_thing: number; families_that_need_nothing_else: number };
  sentences: string[]; levers: Lever[]; by_team: { team: string; families: number }[];
}

const SHOWN = 12;

export function levers(context: Context): HTMLElement {
  const said = h("div", { "aria-live": "polite" });
  const body = h("div", {});
  void working(context, said, "Looking for what holds families back", async () => {
    body.replaceChildren(drawn(await context.data<Levers>("levers", "--out", "outputs/levers")));
  });
  return h("div", {}, h("h1", { tabindex: "-1" }, "What holds families back"), said, body);
}

function drawn(found: Levers): HTMLElement {
  const drawnOf = [...found.levers].filter((one) => one.alone > 0).sort((a, b) => b.alone - a.alone).slice(0, SHOWN);
  const title = "Families held back by one thing alone";
  return h("div", {},
    found.notices.map((one) => notice(one)),
    h("div", { class: "headline" },
      h("p", { class: "figure" }, h("span", { class: "big" }, grouped(found.families_held)), " families are held back"),
      h("p", { class: "figure" }, h("span", { class: "big" }, grouped(found.held_by_one_reason)), " of them by one reason alone"),
      h("p", { class: "figure" }, h("span", { class: "big" }, grouped(found.this_week.families_that_need_one_thing)), " lack one thing that somebody can ask for this week")),
    drawnOf.length === 0 ? undefined : figure(title,
      bars({ title, about: `The ${drawnOf.length} reasons that hold back most families by themselves. The table below has every number.`, rows: drawnOf.map((one) => ({ name: `${capital(one.reason)} (${inWords(one.who).toLowerCase()})`, value: one.alone, said: `${grouped(one.alone)}, ${pounds(one.value)}` })) }),
      undefined,
      {
        columns: [
          { name: "Reason", cell: (one: Lever) => capital(one.reason) },
          { name: "Who can act", cell: (one) => inWords(one.who) },
          { name: "By it alone", cell: (one) => grouped(one.alone), numeric: true },
          { name: "Worth", cell: (one) => pounds(one.value), numeric: true },
        ],
        rows: drawnOf,
      }),
    h("h2", {}, "Each reason"),
    narrowed({
      caption: "Reasons that hold families back", what: ["reason", "reasons"], rows: found.levers,
      filters: [
        { name: "Who can act", of: (one) => one.who, words: inWords },
        { name: "This week", of: (one) => (one.this_week ? "Can be asked for this week" : "Not this week") },
        { name: "Rule", of: (one) => one.rule, words: inWords },
      ],
      columns: [
        { name: "Reason", wide: true, cell: (one) => capital(one.reason), sort: (one) => one.reason },
        { name: "What is needed", wide: true, cell: (one) => capital(one.needs) },
        { name: "Who can act", cell: (one) => inWords(one.who), sort: (one) => one.who },
        { name: "By it alone", cell: (one) => grouped(one.alone), numeric: true, sort: (one) => -one.alone },
        { name: "Worth", cell: (one) => pounds(one.value), numeric: true, sort: (one) => -Number(one.value) },
        { name: "Within the places left", cell: (one) => pounds(one.value_within_places), numeric: true, sort: (one) => -Number(one.value_within_places ?? 0) },
        { name: "Of one child", cell: (one) => grouped(one.for_one_child), numeric: true, sort: (one) => -one.for_one_child },
        { name: "With other reasons", cell: (one) => grouped(one.with_others), numeric: true, sort: (one) => -one.with_others },
        { name: "Rule", cell: (one) => inWords(one.rule), sort: (one) => one.rule },
      ],
    }),
    found.by_team.length === 0 ? undefined : table({
      caption: "Families that lack one thing that can be asked for this week, by team",
      columns: [
        { name: "Team", cell: (one) => one.team || "None named", sort: (one) => one.team },
        { name: "Families", cell: (one) => grouped(one.families), numeric: true, sort: (one) => -one.families },
      ],
      rows: found.by_team,
    }),
    h("h2", {}, "In words"), h("ul", {}, found.sentences.map((one) => h("li", {}, withoutCommands(one)))));
}
