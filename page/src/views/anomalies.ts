// What an assurance team would ask about the claims made: numbers that are unlike those before them.
import type { Context } from "../context";
import { figure, legend, lines, type Series } from "../charts";
import { capital, choice, details, field, grouped, h, inWords, newId, notice, table, withoutCommands } from "../dom";
import { narrowed } from "../filtered";
import { working } from "../working";

interface Quarter { of: string; name: string; number: string; held_against: string; quarter: string; claims: string; claims_standing: string; open_cases: string; history_quarters: string; expected: string; lower: string; upper: string; lies: string; small_number: string }
interface Setting { key: string; value: number | string; unit: string; means: string; source: string; standing: string }
interface Anomalies {
  notices: string[]; quarters: string[]; claims_looked_at: number; claims_that_name_no_case: number; too_little_history: boolean; teams_not_compared_in: string[];
  settings: Setting[]; claims_by_quarter: Quarter[];
  noticed: { check: string; says: string; claims: number }[]; found_nothing: { check: string; says: string; looked: boolean }[];
  sentences: string[];
}

const OF = ["authority", "team", "practitioner"];

export function anomalies(context: Context): HTMLElement {
  const said = h("div", { "aria-live": "polite" });
  const body = h("div", {});
  const names = h("input", { type: "checkbox", id: "show-practitioners" });
  const show = () =>
    working(context, said, "Holding the claims against those before them", async () => {
      body.replaceChildren(drawn(await context.data<Anomalies>("anomalies", ...(names.checked ? ["--show-names"] : []), "--out", "outputs/anomalies")));
    });
  names.addEventListener("change", () => void show());
  void show();
  return h("div", {}, h("h1", { tabindex: "-1" }, "What an assurance team would ask"),
    h("div", { class: "check" }, names, h("label", { for: "show-practitioners" }, "Show practitioners by name")),
    said, body);
}

/// Whose number it is.
const whose = (one: Quarter) => (one.of === "authority" ? "The authority" : one.name || `${inWords(one.of)}${one.number ? ` ${one.number}` : ", none named"}`);
const key = (one: Quarter) => `${one.of}\n${one.number}\n${one.name}\n${one.held_against}`;

function drawn(found: Anomalies): HTMLElement {
  const all = found.claims_by_quarter;
  const groups = new Map<string, Quarter[]>();
  for (const one of all) groups.set(key(one), [...(groups.get(key(one)) ?? []), one]);
  const named = [...groups].sort(([, [a]], [, [b]]) => OF.indexOf(a!.of) - OF.indexOf(b!.of) || whose(a!).localeCompare(whose(b!), "en-GB", { numeric: true }));
  const pick = choice(named.map(([id, [one]]): [string, string] => [id, `${whose(one!)}, against ${inWords(one!.held_against).toLowerCase()}`]), named[0]?.[0] ?? "", { id: newId("whose") });
  const chart = h("div", { id: "quarters-chart" });
  const draw = () => chart.replaceChildren(...(groups.has(pick.value) ? [quarters(groups.get(pick.value)!)] : []));
  pick.addEventListener("change", draw);
  draw();
  return h("div", {},
    found.notices.map((one) => notice(one)),
    found.sentences.slice(0, 1).map((one) => notice(withoutCommands(one))),
    h("h2", {}, "What was noticed"),
    found.noticed.length === 0 ? h("p", {}, "Nothing was noticed.") : narrowed({
      caption: "What was noticed", what: ["thing that was noticed", "things that were noticed"], rows: found.noticed,
      filters: [{ name: "Kind", of: (one) => one.check, words: inWords }],
      columns: [
        { name: "Kind", cell: (one) => inWords(one.check), sort: (one) => one.check },
        { name: "What the records say", cell: (one) => capital(one.says) },
        { name: "Claims", cell: (one) => grouped(one.claims), numeric: true, sort: (one) => -one.claims },
      ],
    }),
    found.found_nothing.length === 0 ? undefined
      : details("What was looked for and not found", h("ul", {}, found.found_nothing.map((one) => h("li", {}, `${inWords(one.check)}: ${one.says}${one.looked ? "" : " This could not be looked at."}`)))),
    h("h2", {}, "Claims of each quarter"),
    all.length === 0 ? h("p", {}, "There is no completed quarter to look at.") : h("div", {},
      field("Whose claims", pick), chart,
      narrowed({
        caption: "Claims of each quarter", what: ["number", "numbers"], rows: all,
        filters: [
          { name: "Whose", of: (one) => one.of, words: inWords },
          { name: "Quarter", of: (one) => one.quarter },
          { name: "Held against", of: (one) => one.held_against, words: inWords },
          { name: "Lies", of: (one) => one.lies, words: inWords, none: "Not compared" },
        ],
        search: { name: "Name", of: (one) => [whose(one)] },
        columns: [
          { name: "Whose", cell: whose, sort: whose },
          { name: "Quarter", cell: (one) => h("span", { class: "nowrap" }, one.quarter), sort: (one) => one.quarter },
          { name: "Held against", cell: (one) => inWords(one.held_against), sort: (one) => one.held_against },
          { name: "Claims", cell: (one) => one.claims, numeric: true, sort: (one) => -Number(one.claims) },
          { name: "Standing", cell: (one) => one.claims_standing, numeric: true, sort: (one) => -Number(one.claims_standing) },
          { name: "Usual", cell: (one) => one.expected, numeric: true, sort: (one) => -Number(one.expected) },
          { name: "Range", cell: (one) => (one.lower && one.upper ? `${one.lower} to ${one.upper}` : ""), numeric: true },
          { name: "Lies", cell: (one) => `${inWords(one.lies)}${one.small_number === "yes" ? ", of a small number" : ""}`, sort: (one) => one.lies },
        ],
      })),
    h("h2", {}, "In words"), h("ul", {}, found.sentences.slice(1).map((one) => h("li", {}, withoutCommands(one).replace(" (--out DIR)", ", in the view Files")))),
    details("The values that were used and where they come from", table({
      caption: "Values of the checks", hidden: true,
      columns: [
        { name: "Value of", cell: (one: Setting) => h("code", {}, one.key) },
        { name: "Is", cell: (one) => `${one.value} ${one.unit}` },
        { name: "Means", cell: (one) => one.means },
        { name: "Standing", cell: (one) => inWords(one.standing) },
        { name: "Source", cell: (one) => one.source },
      ],
      rows: found.settings,
    })));
}

function quarters(of: Quarter[]): HTMLElement {
  const points = (pick: (one: Quarter) => string): [number, number][] => of.flatMap((one, at): [number, number][] => (pick(one) === "" ? [] : [[at, Number(pick(one))]]));
  const series: Series[] = [
    { name: "Claims", kind: "claims", points: points((one) => one.claims) },
    { name: "Usual", kind: "profile", points: points((one) => one.expected) },
  ];
  const title = `Claims of ${whose(of[0]!).replace("The authority", "the authority")} by quarter`;
  const [low, high] = [points((one) => one.lower), points((one) => one.upper)];
  return figure(title,
    lines({ title, about: "The claims of each quarter with what would be usual. The table below has every number.", names: of.map((one) => one.quarter), series, ...(low.length > 0 ? { band: { low, high } } : {}) }),
    legend([...series.map((one): [Series["kind"] | "band", string] => [one.kind, one.name]), ["band", "Range that chance seldom leaves"]]),
    {
      columns: [
        { name: "Quarter", cell: (one: Quarter) => one.quarter },
        { name: "Claims", cell: (one) => one.claims, numeric: true },
        { name: "Usual", cell: (one) => one.expected, numeric: true },
        { name: "From", cell: (one) => one.lower, numeric: true },
        { name: "To", cell: (one) => one.upper, numeric: true },
        { name: "Lies", cell: (one) => inWords(one.lies) },
      ],
      rows: of,
    });
}
