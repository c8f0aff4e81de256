// Which results depend on how the guidance is read.
import type { Context } from "../context";
import { bars, figure } from "../charts";
import { details, grouped, h, inWords, notice, pounds } from "../dom";
import { narrowed } from "../filtered";
import { working } from "../working";

interface Reading { reading: string; says: string; source: string; standing: string; claimable: number; value: string; review: number; low_attendance: number; gained: string[]; lost: string[] }
interface Readings { as_at: string; rules: string; rows: Reading[]; fewest: Reading; most: Reading; combinations: number }

export function readings(context: Context): HTMLElement {
  const said = h("div", { "aria-live": "polite" });
  const body = h("div", {});
  void working(context, said, "Deciding by each reading of the guidance", async () => {
    body.replaceChildren(drawn(await context.data<Readings>("readings")));
  });
  return h("div", {}, h("h1", { tabindex: "-1" }, "How the guidance is read"), said, body);
}

const cases = (summary: string, ids: string[]) =>
  ids.length === 0 ? undefined
    : details(`${summary}: ${grouped(ids.length)}`, h("ul", {}, ids.map((id) => h("li", {}, h("a", { href: `#/family/${encodeURIComponent(id)}` }, id)))));

const name = (one: Reading) => (one.says === "" ? inWords(one.reading) : one.says);

function drawn(found: Readings): HTMLElement {
  const [now, ...others] = found.rows;
  const all = [...found.rows, ...(found.combinations > 1 ? [{ ...found.fewest, says: "The readings that together give fewest" }, { ...found.most, says: "The readings that together give most" }] : [])];
  const title = "Results that can be claimed, by reading";
  const extreme = (title: string, one: Reading) =>
    h("section", { class: "card" },
      h("h3", {}, `${title}: ${grouped(one.claimable)}, worth ${pounds(one.value)}`),
      one.says === "" ? undefined : h("ul", {}, one.says.split("; ").map((line) => h("li", {}, line))),
      h("p", { class: "hint" }, one.reading),
      cases("Gained", one.gained), cases("Lost", one.lost));
  return h("div", {},
    notice("Where the guidance can be read in more than one way, the results that can be claimed differ. Agree with whoever checks claims how your council reads it. Nothing here is a decision."),
    now ? h("div", { class: "headline" },
      h("p", { class: "figure" }, h("span", { class: "big" }, grouped(now.claimable)), " results as the rules stand"),
      h("p", { class: "figure" }, h("span", { class: "big" }, `${grouped(found.fewest.claimable)} to ${grouped(found.most.claimable)}`), ` by the ${grouped(found.combinations)} ways in which the readings can be put together`)) : undefined,
    figure(title,
      bars({ title, about: "A bar for each reading. The table below has every number.", rows: all.map((one) => ({ name: name(one), value: one.claimable, said: `${grouped(one.claimable)}, ${pounds(one.value)}` })) }),
      undefined,
      {
        columns: [
          { name: "Reading", cell: (one: Reading) => name(one) },
          { name: "Claimable", cell: (one) => grouped(one.claimable), numeric: true },
          { name: "Worth", cell: (one) => pounds(one.value), numeric: true },
        ],
        rows: all,
      }),
    h("h2", {}, "Each reading alone"),
    narrowed({
      caption: "Readings", what: ["reading", "readings"], rows: others,
      filters: [{ name: "Standing of its source", of: (one) => one.standing, words: inWords }],
      columns: [
        { name: "Reading", wide: true, cell: (one) => [one.says, h("span", { class: "where" }, ` ${one.reading}`)], sort: (one) => one.says },
        { name: "Claimable", cell: (one) => grouped(one.claimable), numeric: true, sort: (one) => -one.claimable },
        { name: "Worth", cell: (one) => pounds(one.value), numeric: true, sort: (one) => -Number(one.value) },
        { name: "Needs an answer", cell: (one) => grouped(one.review), numeric: true, sort: (one) => -one.review },
        { name: "Low attendance", cell: (one) => grouped(one.low_attendance), numeric: true, sort: (one) => -one.low_attendance },
        { name: "Cases", cell: (one) => [cases("Gained", one.gained), cases("Lost", one.lost)] },
        { name: "Source", wide: true, cell: (one) => `${one.source} (${inWords(one.standing).toLowerCase()})` },
      ],
    }),
    found.combinations > 1 ? h("div", {}, h("h2", {}, "Put together"), extreme("Fewest", found.fewest), extreme("Most", found.most)) : undefined);
}
