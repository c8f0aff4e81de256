// Children's attendance: what the running term still allows, and who came back from below the threshold.
import type { Context } from "../context";
import { bars, figure } from "../charts";
import { capital, day, grouped, h, inWords, notice, table, type Column } from "../dom";
import { narrowed, type Filter } from "../filtered";
import { working } from "../working";

interface Named { case_id: string; family_id: string; person_id: string; first_name: string | null; last_name: string | null; date_of_birth: string | null; upn: string | null; school_urn: string | null; trend: string | null }
interface Now extends Named { last_terms: string; running_term: string | null; so_far: string; so_far_from: string | null; half_days_left: string | null; outlook: string }
interface Improved extends Named { at_start: string; at_end: string; period: string }
interface HeldFile { academic_year: string; term: string; file: string; from: string; to: string; weekdays_with_marks: number; weekdays_of_the_term: number; marks: number }
interface Attendance { children_of_open_periods: Now[]; below_the_threshold_at_the_start: Improved[]; attendance_held: HeldFile[] }

const TREND: Record<string, string> = { up: "▲ Up", level: "▬ Level", down: "▼ Down" };
const trend = (word: string | null) => (word ? (TREND[word] ?? word) : "Not known");

export function attendance(context: Context): HTMLElement {
  const said = h("div", { "aria-live": "polite" });
  const body = h("div", {});
  void working(context, said, "Reading the attendance of each child", async () => {
    body.replaceChildren(drawn(await context.data<Attendance>("attendance", "--out", "outputs/attendance")));
  });
  return h("div", {}, h("h1", { tabindex: "-1" }, "Attendance"), said, body);
}

const full = (row: Named) => [row.first_name, row.last_name].filter(Boolean).join(" ");

/// The columns with which a list of children begins.
const child = <T extends Named>(): Column<T>[] => [
  { name: "Child", wide: true, cell: (row) => [full(row) || row.person_id, h("span", { class: "where" }, full(row) ? ` ${row.person_id}` : "")], sort: (row) => `${row.last_name ?? ""} ${row.first_name ?? ""} ${row.person_id}` },
  { name: "Case", cell: (row) => h("a", { class: "nowrap", href: `#/family/${encodeURIComponent(row.case_id)}` }, row.case_id), sort: (row) => row.case_id },
];
const school = <T extends Named>(): Column<T> => ({ name: "School", cell: (row) => row.school_urn ?? "", sort: (row) => row.school_urn ?? "" });
const born = <T extends Named>(): Column<T>[] => [
  { name: "Born", cell: (row) => (row.date_of_birth ? h("span", { class: "nowrap" }, day(row.date_of_birth)) : ""), sort: (row) => row.date_of_birth ?? "" },
  { name: "UPN", cell: (row) => row.upn ?? "" },
];
const bySchool = <T extends Named>(): Filter<T> => ({ name: "School", of: (row) => row.school_urn, none: "No school named" });
const byTrend = <T extends Named>(): Filter<T> => ({ name: "Trend", of: (row) => row.trend, words: trend, none: "Not known" });
const search = { name: "Child, case or family", of: (row: Named) => [full(row), row.person_id, row.case_id, row.family_id, row.upn] };

/// How many there are of each trend, as bars.
function trends(title: string, id: string, rows: Named[]): HTMLElement | undefined {
  if (rows.length === 0) return undefined;
  const counts = ["up", "level", "down", ""].map((word) => ({ name: trend(word), value: rows.filter((row) => (row.trend ?? "") === word).length }));
  return h("div", { id }, figure(title,
    bars({ title, about: "A bar for each direction. The table below has every number.", rows: counts.map((one) => ({ ...one, said: grouped(one.value) })) }),
    undefined,
    {
      columns: [
        { name: "Trend", cell: (one: (typeof counts)[number]) => one.name },
        { name: "Children", cell: (one) => grouped(one.value), numeric: true },
      ],
      rows: counts,
    }));
}

function drawn(found: Attendance): HTMLElement {
  const { children_of_open_periods: now, below_the_threshold_at_the_start: improved, attendance_held: held } = found;
  return h("div", {},
    notice("These lists name children, so that somebody can ring. Children of restricted cases are not named."),
    h("h2", {}, "Children of open periods"),
    h("p", {}, "Each school-age child of a period of support that is open: the latest terms, and what the running term still allows."),
    trends("From the last term but one to the last", "trends-now", now),
    narrowed({
      caption: "Children of open periods", what: ["child of an open period", "children of open periods"], rows: now, search,
      filters: [{ name: "What the term still allows", of: (row) => row.outlook, words: capital }, byTrend(), bySchool()],
      columns: [
        ...child<Now>(),
        { name: "Latest terms", cell: (row) => h("ul", { class: "plain" }, row.last_terms.split("; ").map((one) => h("li", {}, one))), wide: true },
        { name: "Trend", cell: (row) => h("span", { class: "nowrap" }, trend(row.trend)), sort: (row) => row.trend ?? "" },
        { name: "Running term", cell: (row) => row.running_term ?? "" },
        { name: "So far", cell: (row) => (row.so_far ? `${row.so_far}${row.so_far_from ? `, by ${row.so_far_from}` : ""}` : "") },
        { name: "Half-days left", cell: (row) => row.half_days_left ?? "", numeric: true, sort: (row) => Number(row.half_days_left ?? -1) },
        { name: "What it still allows", cell: (row) => capital(row.outlook), sort: (row) => row.outlook, wide: true },
        school(), ...born<Now>(),
      ],
    }),
    h("h2", {}, "Below the threshold when the support began"),
    h("p", {}, "Children who were below the threshold in the last term before their period of support opened, and where they stand at its end, or now while it is open."),
    trends("From the beginning of the support to its end, or to now", "trends-improved", improved),
    narrowed({
      caption: "Children below the threshold when the support began", what: ["child", "children"], rows: improved, search,
      filters: [{ name: "Period", of: (row) => row.period, words: inWords }, byTrend(), bySchool()],
      columns: [
        ...child<Improved>(),
        { name: "At the beginning", cell: (row) => h("span", { class: "nowrap" }, row.at_start) },
        { name: "At the end, or now", cell: (row) => h("span", { class: "nowrap" }, row.at_end) },
        { name: "Trend", cell: (row) => h("span", { class: "nowrap" }, trend(row.trend)), sort: (row) => row.trend ?? "" },
        { name: "Period", cell: (row) => inWords(row.period), sort: (row) => row.period },
        school(), ...born<Improved>(),
      ],
    }),
    held.length === 0 ? undefined : h("div", {}, h("h2", {}, "What attendance is held"),
      table({
        caption: "Session marks by term",
        columns: [
          { name: "Term", cell: (row: HeldFile) => `${row.term} ${row.academic_year}` },
          { name: "File", cell: (row) => row.file },
          { name: "From", cell: (row) => h("span", { class: "nowrap" }, day(row.from)) },
          { name: "To", cell: (row) => h("span", { class: "nowrap" }, day(row.to)) },
          { name: "Weekdays with marks", cell: (row) => `${grouped(row.weekdays_with_marks)} of ${grouped(row.weekdays_of_the_term)}`, numeric: true },
          { name: "Marks", cell: (row) => grouped(row.marks), numeric: true },
        ],
        rows: held,
      })));
}
