// Where the year stands, what is to be expected of it, and where families are lost.
import type { Context } from "../context";
import { bars, figure, legend, lines, type Series } from "../charts";
import { chance, day, grouped, h, inWords, month, notice, pounds, table, withoutCommands } from "../dom";
import { working } from "../working";

interface Stretch { name: string; from: string; to: string; state: string; claims: number; projected: number | null; claims_by_end: number | null; profile_by_end: string | null; rag_by_end: string | null }
export interface Position {
  financial_year: string; as_at: string; too_early_to_say: boolean;
  claims: { approved: number; pending: number; claims: number; rejected: number; withdrawn: number; clawed_back: number };
  straight_line: { year_end: number } | null;
  against: { what: string; number: number; rag_to_date: string | null; rag_year_end: string | null; still_needed: number; profile_to_date: string | null }[];
  grant: { payment_per_family: string; earned: string; pending: string; still_to_earn: string | null; straight_line_shortfall: string | null };
  months: Stretch[];
  sentences: string[];
  notices: string[];
}
interface Range { until: string; expected: number; low: number; median: number; high: number }
export interface Forecast {
  by_month: Range[];
  year_end: Range;
  range_percentiles: string[];
  target: number | null;
  funded_places: number | null;
  grant: { chance_target_reached: number | null; chance_places_used: number | null; expected_at_risk: string | null } | null;
  sentences: string[];
  notices: string[];
}
interface Funnel {
  all: { stages: { stage: string; families: number; share_of_stage_before: string | null; known_elsewhere: number }[]; lost: { stage_not_reached: string; reason: string; families: number }[] };
  sentences: string[];
}

const RAG: Record<string, [string, string]> = { red: ["Red", "▼"], amber: ["Amber", "◆"], green: ["Green", "▲"] };

export function rag(word: string | null): HTMLElement | string {
  if (!word) return "";
  const [name, shape] = RAG[word] ?? [inWords(word), "·"];
  return h("span", { class: `tag rag-${word}` }, h("span", { "aria-hidden": "true" }, `${shape} `), name);
}

export function year(context: Context): HTMLElement {
  const saidPosition = h("div", { "aria-live": "polite" });
  const saidForecast = h("div", { "aria-live": "polite" });
  const [position, forecast] = [h("div", {}), h("div", {})];
  void (async () => {
    const there = await working(context, saidPosition, "Counting the year", async () => {
      position.replaceChildren(positionDrawn(await context.data<Position>("position")));
    });
    if (!there) return;
    await working(context, saidForecast, "Forecasting, from what the past quarters came to", async () => {
      const of = await context.data<Position>("position");
      const found = await context.data<Forecast>("forecast");
      const funnel = await context.data<Funnel>("funnel");
      forecast.replaceChildren(forecastDrawn(of, found), funnelDrawn(funnel));
    });
  })();
  return h("div", {}, h("h1", { tabindex: "-1" }, "The year"), saidPosition, position, saidForecast, forecast);
}

function positionDrawn(found: Position): HTMLElement {
  const names = found.months.map((one) => month(one.name, true));
  const over = found.months.map((one, at) => ({ one, at })).filter(({ one }) => one.state !== "to_come" && one.claims_by_end !== null);
  const lastOver = over[over.length - 1]?.at ?? 0;
  const later = found.months.map((one, at) => ({ one, at })).filter(({ one, at }) => at >= lastOver && one.claims_by_end !== null);
  const points = (list: typeof over): [number, number][] => list.map(({ one, at }) => [at, one.claims_by_end ?? 0]);
  const profile = found.months.flatMap((one, at): [number, number][] => (one.profile_by_end === null ? [] : [[at, Number(one.profile_by_end)]]));
  const level = (number: number): [number, number][] => [[0, number], [found.months.length - 1, number]];
  const kinds: Series["kind"][] = ["level", "level-two"];
  const series: Series[] = [
    { name: "Claims so far", kind: "claims", points: points(over) },
    { name: "Straight line from here", kind: "projected", points: points(later) },
    ...(profile.length > 0 ? [{ name: "Where the target’s profile has the year", kind: "profile" as const, points: profile }] : []),
    ...found.against.slice(0, 2).map((one, at): Series => ({ name: `${inWords(one.what)}: ${grouped(one.number)}`, kind: kinds[at]!, points: level(one.number) })),
  ];
  return h("div", {},
    found.notices.map((one) => notice(one)),
    h("h2", {}, `So far in ${found.financial_year}`),
    h("div", { class: "headline" },
      h("p", { class: "figure" }, h("span", { class: "big" }, grouped(found.claims.claims)), ` results claimed by ${day(found.as_at)}`),
      h("p", { class: "figure" }, h("span", { class: "big" }, pounds(found.grant.earned)), " earned by approved claims")),
    found.against.length > 0 ? table({
      caption: "Against target and funded places",
      columns: [
        { name: "Against", cell: (one) => inWords(one.what) },
        { name: "Number", cell: (one) => grouped(one.number), numeric: true },
        { name: "Should be by now", cell: (one) => one.profile_to_date ?? "", numeric: true },
        { name: "So far", cell: (one) => rag(one.rag_to_date) },
        { name: "Straight line to the year’s end", cell: (one) => rag(one.rag_year_end) },
        { name: "Still needed", cell: (one) => grouped(one.still_needed), numeric: true },
      ],
      rows: found.against,
    }) : notice("No target and no funded places are known for this authority and year, so nothing is held against them."),
    figure("Claims by the end of each month",
      lines({ title: `Claims of ${found.financial_year} by the end of each month`, about: `${grouped(found.claims.claims)} claims so far${found.straight_line ? `; the straight line comes to ${grouped(found.straight_line.year_end)}` : ""}. The table below has every number.`, names, series }),
      legend(series.map((one) => [one.kind, one.name])),
      {
        columns: [
          { name: "Month", cell: (one: Stretch) => month(one.name) },
          { name: "Claims in it", cell: (one) => (one.state === "to_come" ? "" : grouped(one.claims)), numeric: true },
          { name: "Claims by its end", cell: (one) => (one.claims_by_end === null ? "" : `${grouped(one.claims_by_end)}${one.state === "to_come" ? " (straight line)" : ""}`), numeric: true },
          { name: "Profile by its end", cell: (one) => one.profile_by_end ?? "", numeric: true },
          { name: "Status", cell: (one) => rag(one.rag_by_end) },
        ],
        rows: found.months,
      }),
    h("h3", {}, "In words"), h("ul", {}, found.sentences.map((one) => h("li", {}, withoutCommands(one)))));
}

function forecastDrawn(of: Position, found: Forecast): HTMLElement {
  const names = found.by_month.map((one) => day(one.until).split(" ").slice(0, 2).map((part) => part.slice(0, 3)).join(" "));
  const along = (pick: (one: Range) => number): [number, number][] => found.by_month.map((one, at) => [at, pick(one)]);
  const [low = "10", high = "90"] = found.range_percentiles;
  const share = Number(high) - Number(low);
  const level = (number: number): [number, number][] => [[0, number], [found.by_month.length - 1, number]];
  const series: Series[] = [
    { name: "To be expected", kind: "expected", points: along((one) => one.expected) },
    ...(found.target === null ? [] : [{ name: `Target: ${grouped(found.target)}`, kind: "level" as const, points: level(found.target) }]),
    ...(found.funded_places === null ? [] : [{ name: `Funded places: ${grouped(found.funded_places)}`, kind: "level-two" as const, points: level(found.funded_places) }]),
  ];
  return h("div", {},
    h("h2", {}, "Forecast to the year’s end"),
    h("div", { class: "headline" },
      h("p", { class: "figure" }, h("span", { class: "big" }, `${grouped(found.year_end.low)} to ${grouped(found.year_end.high)}`), ` claims by ${day(found.year_end.until)}, with a chance of ${share}%`),
      found.grant ? h("p", { class: "figure" }, h("span", { class: "big" }, pounds(found.grant.expected_at_risk?.split(".")[0])), " of grant at risk, to be expected") : undefined),
    found.grant ? h("p", {}, `The chance of reaching the target is ${chance(found.grant.chance_target_reached)}; of using all funded places, ${chance(found.grant.chance_places_used)}.`) : undefined,
    figure("Claims to be expected",
      lines({ title: `Claims of ${of.financial_year} to be expected, by month`, about: `Between ${grouped(found.year_end.low)} and ${grouped(found.year_end.high)} by the year's end. The table below has every number.`, names, series, band: { low: along((one) => one.low), high: along((one) => one.high) } }),
      legend([...series.map((one): [Series["kind"] | "band", string] => [one.kind, one.name]), ["band", `Range with a chance of ${share}%`]]),
      {
        columns: [
          { name: "By", cell: (one: Range) => day(one.until) },
          { name: "To be expected", cell: (one) => one.expected.toFixed(1), numeric: true },
          { name: "Low", cell: (one) => grouped(one.low), numeric: true },
          { name: "Middle", cell: (one) => grouped(one.median), numeric: true },
          { name: "High", cell: (one) => grouped(one.high), numeric: true },
        ],
        rows: found.by_month,
      }),
    h("h3", {}, "In words"), h("ul", {}, found.sentences.map((one) => h("li", {}, withoutCommands(one)))));
}

const STAGE: Record<string, string> = {
  families: "Families", criteria_met: "Criteria met", progress: "All outcomes met", sustained: "Sustained for the months",
  attendance: "Attendance met", not_claimed_before: "Not claimed before", claimable: "Claimable now",
};

function funnelDrawn(found: Funnel): HTMLElement {
  const { stages, lost } = found.all;
  const name = (stage: string) => STAGE[stage] ?? inWords(stage);
  return h("div", {},
    h("h2", {}, "Where families are lost"),
    figure("How far families come",
      bars({ title: "How far families come on the way to a claim", about: "Each bar is a stage. The table below has every number.", rows: stages.map((one) => ({ name: name(one.stage), value: one.families, said: `${grouped(one.families)}${one.share_of_stage_before ? ` (${one.share_of_stage_before}${/%$/.test(one.share_of_stage_before) ? "" : "%"} of the stage before)` : ""}` })) }),
      undefined,
      {
        columns: [
          { name: "Stage", cell: (one: (typeof stages)[number]) => name(one.stage) },
          { name: "Families", cell: (one) => grouped(one.families), numeric: true },
          { name: "Share of the stage before", cell: (one) => one.share_of_stage_before ?? "", numeric: true },
          { name: "Known by another system alone", cell: (one) => grouped(one.known_elsewhere), numeric: true },
        ],
        rows: stages,
      }),
    table({
      caption: "Why they do not come further", most: 8,
      columns: [
        { name: "Stage not reached", cell: (one) => name(one.stage_not_reached) },
        { name: "Reason", cell: (one) => inWords(one.reason) },
        { name: "Families", cell: (one) => grouped(one.families), numeric: true, sort: (one) => -one.families },
      ],
      rows: lost,
    }));
}
