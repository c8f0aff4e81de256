// Everything the engine makes, to take away.
import type { Context } from "../context";
import { day, h, table } from "../dom";
import type { FileFound } from "../messages";
import { download, zipped } from "../save";
import { working } from "../working";
import { check } from "./decisions";

const ABOUT: Record<string, string> = {
  "check/decisions.csv": "Every period of support with its status, each rule and the reason",
  "check/children.csv": "Every child of school age, each term",
  "check/attendance_doubts.csv": "What to ask schools",
  "check/children_not_looked_at.csv": "Members whom the rule on attendance did not look at, and why",
  "check/children_unmatched.csv": "Children without attendance, and the likeliest reason",
  "check/pupils_unmatched.csv": "Pupils with attendance whom no family has",
  "review/review.json": "The same as data",
  "validate/findings.html": "What is wrong with the data, as a page",
  "validate/findings.csv": "What is wrong with the data, by file and row",
  "validate/quarantine.csv": "Rows that could not be used",
  "validate/run.json": "What is needed to repeat the check of the data",
  "report/evidence.json": "The same evidence as data",
  "report/report.json": "What is needed to repeat the reports",
  "worklists/report.json": "What is needed to repeat the worklists",
  "bi/report.json": "What is needed to repeat the tables",
  "check/findings.csv": "What is wrong with the data, by file and row",
  "check/quarantine.csv": "Rows that could not be used",
  "check/summary.json": "Counts and money",
  "check/run.json": "What is needed to repeat the run: rules, values, fingerprints of the files",
  "review/review.csv": "What waits for a person, by practitioner",
  "review/agreements_to_fill.csv": "The questions as a sheet",
  "attendance/attendance_now.csv": "Each school-age child of an open period, and what the running term still allows",
  "attendance/attendance_improved.csv": "Children who were below the threshold when the support began",
  "attendance/attendance.json": "The same as data",
  "levers/levers.csv": "What holds families back, and who can act on it",
  "levers/families_held.csv": "Each family that is held back, and by what",
  "levers/levers.json": "The same as data",
  "anomalies/noticed.csv": "What an assurance team would ask",
  "anomalies/claims_by_quarter.csv": "Claims of each quarter, held against what is usual",
  "anomalies/claims_asked_about.csv": "The claims behind what was noticed",
  "anomalies/anomalies.json": "The same as data",
  "report/claims.xlsx": "The workbook: what to claim, what to ask, and everything behind it",
  "report/evidence.html": "The evidence of all that can be claimed, to be signed",
  "report/report.html": "The year at a glance",
};

// Files of which there are as many as there are people, schools or teams.
const ABOUT_FOLDER: [string, string][] = [
  ["worklists/worklists/practitioner-", "What a practitioner can settle, by date"],
  ["worklists/worklists/school-", "What a school is asked, by date"],
  ["worklists/worklists/team-", "What a team can settle, by date"],
  ["bi/bi/data-dictionary", "Every column of the tables, with what it says"],
  ["bi/bi/", "A table for Power BI and the like, with keys that join"],
];

const about = (path: string) => ABOUT[path] ?? ABOUT_FOLDER.find(([folder]) => path.startsWith(folder))?.[1] ?? "";

const size = (bytes: number) => (bytes < 1024 ? `${bytes} bytes` : `${Math.round(bytes / 1024).toLocaleString("en-GB")} KB`);

export function files(context: Context): HTMLElement {
  const said = h("div", { "aria-live": "polite" });
  const list = h("div", {});
  let made: FileFound[] = [];
  const show = async () => {
    made = (await context.engine.read("outputs")).filter(({ path }) => !path.split("/").some((part) => part.startsWith(".")));
    made.sort((a, b) => (a.path < b.path ? -1 : 1));
    list.replaceChildren(table({
      caption: `Files for ${day(context.asAt)}`,
      columns: [
        { name: "File", cell: (file: FileFound) => h("button", { type: "button", class: "link", onclick: () => download(file.path.split("/").pop()!, file.bytes) }, file.path) },
        { name: "What it is", cell: (file) => about(file.path) },
        { name: "Size", cell: (file) => size(file.bytes.length), numeric: true },
      ],
      rows: made, most: 60,
    }));
  };
  const begin = () =>
    working(context, said, "Deciding every period of support", async () => {
      await check(context);
      await show();
    });
  const report = () =>
    working(context, said, "Making the workbook and the reports", async () => {
      await context.engine.run(["report", "data", "--as-at", context.asAt, "--out", "outputs/report", "--only", "workbook,evidence,page,exception"]);
      await show();
      const workbook = made.find(({ path }) => path === "report/claims.xlsx");
      if (workbook) download("claims.xlsx", workbook.bytes);
    });
  const part = (name: "worklists" | "bi", what: string) =>
    working(context, said, what, async () => {
      await context.engine.run(["report", "data", "--as-at", context.asAt, "--out", `outputs/${name}`, "--only", name]);
      await show();
      const own = made.filter(({ path }) => path.startsWith(`${name}/`)).map((file) => ({ ...file, path: file.path.slice(name.length + 1) }));
      download(`sfclaim-${name}-${context.asAt}.zip`, zipped(own));
    });
  const zip = () =>
    working(context, said, "Putting the files together", async () => {
      await check(context);
      await show();
      download(`sfclaim-${context.asAt}.zip`, zipped(made));
    });
  void begin();
  return h("div", {},
    h("h1", { tabindex: "-1" }, "Files"),
    h("p", {}, "These files hold personal data. Save them where your council keeps such records, and nowhere else."),
    said,
    h("p", { class: "buttons" },
      h("button", { type: "button", id: "make-zip", onclick: () => void zip() }, "Download all as a zip"),
      h("button", { type: "button", class: "secondary", id: "make-report", onclick: () => void report() }, "Make the workbook, claims.xlsx"),
      h("button", { type: "button", class: "secondary", id: "make-worklists", onclick: () => void part("worklists", "Making the worklists") }, "Make worklists for practitioners, schools and teams"),
      h("button", { type: "button", class: "secondary", id: "make-bi", onclick: () => void part("bi", "Making the tables") }, "Make tables for Power BI")),
    list);
}
