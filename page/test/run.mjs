// The page as a person uses it, held against the native program: node run.mjs PAGE.html SFCLAIM SAMPLE_DATA [HOW_MANY_SCENARIOS]
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { unzipSync, zipSync } from "fflate";
import { accessible, all, still, visit } from "./browser.mjs";

const [page, program, sample, scenarios = "6"] = process.argv.slice(2);
const DAY = "2024-09-30";
const room = mkdtempSync(join(tmpdir(), "sfclaim-test-"));
process.on("exit", () => rmSync(room, { recursive: true, force: true }));

/// What the native program prints; a code of 1 says that there are findings, and is no failure.
function native(...args) {
  try {
    return execFileSync(program, args, { encoding: "utf8", maxBuffer: 1 << 28, stdio: ["ignore", "pipe", "pipe"] });
  } catch (why) {
    if (why.status === 1) return why.stdout;
    throw why;
  }
}

const go = async (tab, place) => {
  await tab.evaluate((to) => (location.hash = `#/${to}`), place);
  await tab.waitForSelector(`main[data-view="#/${place}"]`);
  await still(tab);
};

async function trySample(tab) {
  await tab.waitForSelector("html[data-ready]");
  await tab.click("#try-sample");
  await tab.waitForSelector(".tiles", { timeout: 120_000 });
}

async function downloaded(tab, press) {
  const [file] = await Promise.all([tab.waitForEvent("download", { timeout: 120_000 }), press()]);
  return readFileSync(await file.path());
}

/// Choosing where to save is a dialogue of the system, which no test can answer; without it the page downloads.
const withoutDialogue = (tab) => tab.evaluate(() => delete window.showSaveFilePicker);

/// The most memory that any tab of this test has had, in MB, as Linux counts it.
async function largestTab() {
  const most = readdirSync("/proc").filter((name) => /^\d+$/.test(name)).map((pid) => {
    try {
      if (!readFileSync(`/proc/${pid}/cmdline`, "utf8").includes("--type=renderer")) return 0;
      return Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1] ?? 0);
    } catch {
      return 0;
    }
  });
  return Math.round(Math.max(...most) / 1024);
}

const pounds = (text) => `£${Number(text).toLocaleString("en-GB", { minimumFractionDigits: text.endsWith(".00") ? 0 : 2 })}`;

const tests = {
  async "the whole visit, from the sample to saved answers"() {
    await visit(page, {}, async (tab) => {
      await withoutDialogue(tab);
      await accessible(tab, "start");
      await trySample(tab);
      await accessible(tab, "decisions");

      // Every file of `check`, byte for byte.
      native("check", sample, "--as-at", DAY, "--out", join(room, "check"), "--quiet");
      await go(tab, "files");
      await accessible(tab, "files");
      const zip = unzipSync(await downloaded(tab, () => tab.click("#make-zip")));
      const names = readdirSync(join(room, "check"));
      assert.ok(names.includes("decisions.csv"));
      for (const name of names) {
        assert.ok(zip[`check/${name}`], `the zip lacks check/${name}`);
        assert.ok(Buffer.from(zip[`check/${name}`]).equals(readFileSync(join(room, "check", name))), `check/${name} differs`);
      }
      const workbook = await downloaded(tab, () => tab.click("#make-report"));
      native("report", sample, "--as-at", DAY, "--out", join(room, "report"));
      assert.ok(workbook.equals(readFileSync(join(room, "report", "claims.xlsx"))), "claims.xlsx differs");

      // Worklists, file by file as the command makes them, and the tables for BI, which the engine of the page writes as CSV.
      const lists = unzipSync(await downloaded(tab, () => tab.click("#make-worklists")));
      const listed = readdirSync(join(room, "report", "worklists"));
      assert.ok(listed.some((name) => name.startsWith("school-") && name.endsWith(".csv")), listed.join(", "));
      assert.deepEqual(Object.keys(lists).filter((path) => path.startsWith("worklists/")).sort(), listed.map((name) => `worklists/${name}`).sort());
      for (const name of listed) assert.ok(Buffer.from(lists[`worklists/${name}`]).equals(readFileSync(join(room, "report", "worklists", name))), `${name} differs`);
      const tables = unzipSync(await downloaded(tab, () => tab.click("#make-bi")));
      for (const name of ["periods", "children_terms", "needs", "claims", "findings", "dates"]) {
        const rows = Buffer.from(tables[`bi/${name}.csv`]).toString().trim().split("\n").length - 1;
        assert.ok(rows > 0, `bi/${name}.csv has no row`);
        if (name === "periods") assert.equal(rows, JSON.parse(readFileSync(join(room, "check", "summary.json"), "utf8")).periods);
      }
      assert.ok(Buffer.from(tables["bi/data-dictionary.csv"]).equals(readFileSync(join(room, "report", "bi", "data-dictionary.csv"))), "the dictionary differs");

      // Filters count what the file says.
      await go(tab, "decisions");
      await tab.selectOption("#filter-status", "claimable");
      const summary = JSON.parse(readFileSync(join(room, "check", "summary.json"), "utf8"));
      const sum = await tab.textContent(".sum");
      assert.ok(sum.includes(`${summary.statuses.claimable} of ${summary.periods.toLocaleString("en-GB")}`), sum);
      assert.ok(sum.includes(pounds(summary.value_of_claimable)), sum);

      // A family opened by its link.
      await tab.fill("#filter-words", "B21-C1");
      await tab.click("main table a");
      await tab.waitForSelector("svg.chart");
      await still(tab);
      await accessible(tab, "family");
      const explained = JSON.parse(native("explain", sample, "--as-at", DAY, "B21-C1", "--json"));
      const said = await tab.textContent("article");
      for (const one of explained) {
        assert.ok(said.includes(one.reason), "the reason is another one");
        for (const ruling of one.rulings) assert.ok(said.toLowerCase().includes(ruling.because.toLowerCase()), ruling.because);
      }

      await go(tab, "data");
      await accessible(tab, "data");
      await go(tab, "settings");
      await accessible(tab, "settings");
      await go(tab, "year");
      await accessible(tab, "year");
      const position = JSON.parse(native("position", sample, "--as-at", DAY, "--json"));
      const forecast = JSON.parse(native("forecast", sample, "--as-at", DAY, "--json"));
      const year = await tab.textContent("main");
      assert.ok(year.includes(pounds(position.grant.earned)));
      assert.ok(year.includes(`${forecast.year_end.low} to ${forecast.year_end.high}`));

      // Two questions answered, used and saved.
      await go(tab, "review");
      await accessible(tab, "review");
      const [first, second] = [tab.locator(".question").nth(0), tab.locator(".question").nth(1)];
      for (const [question, answer] of [[first, "Met"], [second, "Not met"]]) {
        await question.getByLabel(answer, { exact: true }).check();
        await question.getByLabel("Why", { exact: true }).fill('Seen by the panel, "as read"');
      }
      await tab.click("#use-answers");
      await tab.waitForSelector(".problem");
      assert.match(await tab.textContent(".problem"), /Say who agreed/);
      await accessible(tab, "review with a mistake");
      await tab.getByLabel("Agreed by").fill("Claims panel");
      await tab.click("#use-answers");
      await tab.waitForSelector(".done", { timeout: 120_000 });
      await accessible(tab, "review with answers");
      const saved = await downloaded(tab, () => tab.click("#save-agreements"));
      cpSync(sample, join(room, "answered"), { recursive: true });
      writeFileSync(join(room, "answered", "agreements.csv"), saved);
      assert.equal(saved.toString().trim().split("\n").length, readFileSync(join(sample, "agreements.csv"), "utf8").trim().split("\n").length + 2);
      native("check", join(room, "answered"), "--as-at", DAY, "--out", join(room, "check-answered"), "--quiet");
      await go(tab, "files");
      const again = unzipSync(await downloaded(tab, () => tab.click("#make-zip")));
      assert.ok(Buffer.from(again["check/decisions.csv"]).equals(readFileSync(join(room, "check-answered", "decisions.csv"))), "decisions with the answers differ");
      assert.ok(Buffer.from(again["check/run.json"]).equals(readFileSync(join(room, "check-answered", "run.json"))), "the receipt with the answers differs");
    });
  },

  async "what-if shows the command's figures"() {
    const fields = { target: "target", funded_places: "places", payment: "payment", "attendance.threshold_percent": "threshold", "sustainment.months": "months", openings_a_month: "openings" };
    const tried = [
      { target: "650", funded_places: "600" }, { "attendance.threshold_percent": "88" }, { "sustainment.months": "3" }, { payment: "1000" },
      { "attendance.basis": "combined" }, { openings_a_month: "+10", "sustainment.months": "9" },
    ];
    // More of them, all different, where they are asked for.
    for (let at = tried.length; at < Number(scenarios); at++) {
      tried.push({ "attendance.threshold_percent": String(80 + (at % 15)), "sustainment.months": String(1 + (at % 11)), funded_places: String(400 + 7 * at) });
    }
    await visit(page, {}, async (tab) => {
      await trySample(tab);
      await go(tab, "whatif");
      await accessible(tab, "what-if");
      for (const changes of tried.slice(0, Number(scenarios))) {
        await tab.click("text=Clear");
        for (const [key, value] of Object.entries(changes)) {
          if (key === "attendance.basis") await tab.selectOption("#whatif-basis", value);
          else await tab.fill(`#whatif-${fields[key]}`, value);
        }
        await tab.click("#try-it");
        await tab.waitForSelector(".working");
        await still(tab);
        // The order in which the page gives them.
        const order = ["target", "funded_places", "payment", "attendance.threshold_percent", "sustainment.months", "openings_a_month", "attendance.basis"];
        const set = order.filter((key) => key in changes).flatMap((key) => ["--set", `${key}=${changes[key]}`]);
        const found = JSON.parse(native("whatif", sample, "--as-at", DAY, ...set, "--json", "--show-families"));
        const one = found.scenarios.at(-1);
        assert.equal(await tab.textContent("#whatif-sentence"), one.sentence);
        const cell = async (name) => (await tab.locator("tr", { has: tab.locator("th", { hasText: new RegExp(`^${name}$`) }) }).locator("td").nth(1).textContent()).trim();
        assert.equal(await cell("Families claimable now"), one.figures.claimable_families.toLocaleString("en-GB"));
        assert.equal(await cell("Worth"), pounds(one.figures.claimable_value));
        assert.equal(await cell("Target"), one.figures.target.toLocaleString("en-GB"));
        assert.equal(await cell("Funded places"), one.figures.funded_places.toLocaleString("en-GB"));
        assert.equal(await cell("Range of them"), `${one.figures.expected.low} to ${one.figures.expected.high}`);
        assert.equal(await cell("Grant at risk, to be expected"), pounds(one.figures.expected.grant.expected_at_risk));
        assert.ok((await tab.textContent("main")).includes(`Families that would stand elsewhere: ${one.flips.length}`));
      }
      await accessible(tab, "what-if with a scenario");
    });
  },

  async "a folder of one's own: its settings proposed, changed and used"() {
    const folder = join(room, "ours");
    mkdirSync(folder);
    writeFileSync(join(folder, "case list.csv"), "Case Ref,Family Ref,Service,Opened,Closed\nC-1,F-1,Early Help,01/02/2023,01/10/2023\n");
    writeFileSync(join(folder, "family members.csv"), "Family Ref,Person Ref,Date of birth,Role\nF-1,P-1,04/05/2012,child\nF-1,P-2,04/05/1985,parent\n");
    await visit(page, {}, async (tab) => {
      await tab.waitForSelector("html[data-ready]");
      await tab.setInputFiles("#folder-input", folder);
      await tab.click("#as-text > summary");
      await tab.waitForSelector("#settings-text", { timeout: 60_000 });
      await accessible(tab, "a proposal");
      const text = await tab.inputValue("#settings-text");
      assert.match(text, /case list\.csv/);
      native("init", folder, "--propose", "--out", join(room, "proposed.toml"));
      assert.equal(text, readFileSync(join(room, "proposed.toml"), "utf8"));
      await tab.fill("#settings-text", `${text}\nno_such_key = 1\n`);
      await tab.click("text=Use these settings");
      await tab.waitForSelector(".problem");
      assert.match(await tab.textContent(".problem"), /no_such_key/);
    });
  },

  async "the questions about a folder, as one form"() {
    const folder = join(room, "asked");
    mkdirSync(folder);
    writeFileSync(join(folder, "caseload.csv"), "Our Number,Family No,Date Opened,Closure Date\nA1,F1,01/02/2023,03/04/2023\nA2,F2,03/02/2023,\n");
    writeFileSync(join(folder, "needs.csv"), "Case Ref,Need Identified,Outcome Date,Outcome Status\nA1,Secure housing,03/04/2023,Met\nA1,Debt,,Parked\nA1,Debt,,Parked\n");
    /// What the native program asks after these answers, and what the page has of it.
    const asks = (...answers) => {
      writeFileSync(join(room, "answers.txt"), `${answers.join("\n")}\n`);
      return JSON.parse(native("init", folder, "--json", "--answers", join(room, "answers.txt"))).questions;
    };
    const questions = (tab) => tab.locator(".asked").evaluateAll((all) => all.map((one) => one.querySelector("legend, label").textContent));
    await visit(page, {}, async (tab) => {
      await withoutDialogue(tab);
      await tab.waitForSelector("html[data-ready]");
      await tab.setInputFiles("#folder-input", folder);
      await tab.waitForSelector("#setup", { timeout: 60_000 });
      await still(tab);
      await accessible(tab, "the questions about a folder");
      // What follows in a file from a question that has no answer yet is asked later.
      const open = (one) => one.about !== "" && one.proposed === null;
      const all = asks();
      const first = all.filter((one, at) => !all.slice(0, at).some((before) => before.about === one.about && open(before)));
      assert.ok(first.length < all.length && first.some(open));
      assert.deepEqual(await questions(tab), first.map((one) => one.question));
      // The proposal is chosen, and three values of the column are there.
      for (const [at, one] of first.entries()) {
        const asked = tab.locator(".asked").nth(at);
        const said = await asked.textContent();
        for (const { words, values } of [...one.choices, ...one.found]) assert.ok(said.includes(words) && said.includes(values.join(" | ")), words);
        if (one.choices.length <= 8) assert.equal(await asked.locator("input:checked").count(), one.proposed === null ? 0 : 1);
      }
      // A question without an answer is listed above the form, and the link leads to it.
      await tab.click("#use-setup");
      await tab.waitForSelector(".problem");
      await accessible(tab, "a form with a mistake");
      await tab.click(".problem a >> nth=0");
      assert.equal(await tab.evaluate(() => document.activeElement.closest(".asked").querySelector(".mistake").textContent), "Error: Choose an answer");
      // Answers that lead to other questions, until none is left.
      const answers = { "Which council are the families of": "Another council", "What is in this file": "cases", "the id of the case": "Our Number", "Parked": "not achieved", "comes first in its dates": "the day" };
      const given = new Map();
      for (let round = 0; round < 6 && (await tab.locator("#setup").count()) > 0; round++) {
        for (const one of await tab.locator(".asked").all()) {
          const asked = await one.locator("legend, label").first().textContent();
          const [, answer] = Object.entries(answers).find(([part]) => asked.includes(part)) ?? [];
          if (!answer) continue;
          if (await one.locator("select").count()) {
            const value = await one.locator("option").evaluateAll((all, wanted) => all.find((option) => option.textContent.startsWith(wanted))?.value, answer);
            if (value) await one.locator("select").selectOption(value);
          } else {
            const radio = one.locator(".check", { hasText: answer }).first();
            if (await radio.count()) await radio.locator("input").check();
          }
          given.set(asked, answer);
        }
        await tab.click("#use-setup");
        await tab.waitForSelector(".working, .done");
        await still(tab);
        if (await tab.locator("#setup").count()) await accessible(tab, "more questions");
      }
      await tab.waitForSelector(".done");
      await accessible(tab, "the settings made");
      assert.ok([...given.keys()].some((asked) => asked.includes("the id of the case")) && given.size >= 4, "the page asked what it should");
      const saved = (await downloaded(tab, () => tab.click("#save-settings"))).toString();
      for (const expected of ['case_id = "Our Number"  # as you answered', '"Parked" = "not_achieved"  # as you answered (2 rows)', 'date_order = "day_first"']) assert.ok(saved.includes(expected), `${expected}\n${saved}`);
      // The native program writes the same, given the same answers.
      const lines = [];
      for (;;) {
        const next = asks(...lines)[lines.length];
        if (!next) break;
        const wanted = Object.entries(answers).find(([part]) => next.question.includes(part))?.[1];
        const at = next.choices.findIndex(({ words }) => wanted && words.startsWith(wanted));
        lines.push(String((at < 0 ? next.proposed : at) + 1));
      }
      writeFileSync(join(room, "answers.txt"), `${lines.join("\n")}\n`);
      native("init", folder, "--answers", join(room, "answers.txt"), "--out", join(room, "answered.toml"));
      assert.equal(saved, readFileSync(join(room, "answered.toml"), "utf8"));
      await go(tab, "data");
      await tab.waitForSelector("text=What was read");
    });
  },

  async "warnings confirmed, and kept"() {
    await visit(page, {}, async (tab) => {
      await withoutDialogue(tab);
      await trySample(tab);
      await go(tab, "data");
      await tab.click("#use-confirmations");
      await tab.waitForSelector(".problem");
      assert.match(await tab.textContent(".problem"), /Choose at least one warning[\s\S]*Say who looked/);
      await accessible(tab, "confirmations with mistakes");
      await tab.click(".problem a >> nth=1");
      assert.equal(await tab.evaluate(() => document.activeElement.labels[0].textContent), "Looked at by");
      await tab.selectOption("#confirm select", "families_share_people");
      const group = tab.locator("#confirm .question", { hasText: "B69" });
      await group.getByLabel("It is right as it stands").check();
      await group.getByLabel("Why it is right").fill('Lives with both, "in turn"');
      await tab.getByLabel("Looked at by").fill("A. Officer");
      await tab.click("#use-confirmations");
      await tab.waitForSelector(".done", { timeout: 60_000 });
      await accessible(tab, "confirmations taken");
      const saved = await downloaded(tab, () => tab.click("#save-confirmations"));
      assert.match(saved.toString(), /^finding,record,confirmed_by,confirmed_on,reason,until\nfamilies_share_people,[^,]+,A\. Officer,2024-09-30,"Lives with both, ""in turn""",\n$/);
      // The native program takes it, and says the same of the data.
      cpSync(sample, join(room, "confirmed"), { recursive: true });
      writeFileSync(join(room, "confirmed", "confirmations.csv"), saved);
      const [before, after] = [sample, join(room, "confirmed")].map((data) => JSON.parse(native("validate", data, "--as-at", DAY, "--json")).findings);
      assert.equal(after.warning, before.warning - 1);
      const said = await tab.textContent("main");
      assert.ok(said.includes(`${after.warning} warnings and ${after.note} notes`), "the page counts the same");
      native("check", join(room, "confirmed"), "--as-at", DAY, "--out", join(room, "check-confirmed"), "--quiet");
      await go(tab, "files");
      const zip = unzipSync(await downloaded(tab, () => tab.click("#make-zip")));
      for (const name of ["findings.csv", "run.json"]) assert.ok(Buffer.from(zip[`check/${name}`]).equals(readFileSync(join(room, "check-confirmed", name))), `${name} differs`);
    });
  },

  async "attendance, what holds back, assurance and readings, with the commands' figures"() {
    const of = (command, ...more) => JSON.parse(native(command, sample, "--as-at", DAY, "--json", ...more));
    const number = (value) => value.toLocaleString("en-GB");
    const sums = (tab) => tab.locator(".sum").allTextContents();
    /// The cells of a row of a table, by what its first cell says.
    const cells = async (tab, caption, head, at = 0) =>
      (await tab.locator("table", { has: tab.locator("caption", { hasText: caption }) }).locator("tbody tr", { has: tab.locator("th", { hasText: head }) }).nth(at).locator("td").allTextContents()).map((one) => one.trim());
    await visit(page, {}, async (tab) => {
      await trySample(tab);

      await go(tab, "attendance");
      await accessible(tab, "attendance");
      const attendance = of("attendance");
      const [now, improved] = [attendance.children_of_open_periods, attendance.below_the_threshold_at_the_start];
      assert.deepEqual(await sums(tab), [`${number(now.length)} of ${number(now.length)} children of open periods`, `${number(improved.length)} of ${number(improved.length)} children`]);
      await tab.locator("#trends-now summary").click();
      for (const [word, head] of [["up", "Up"], ["down", "Down"]]) {
        assert.deepEqual(await cells(tab, "From the last term but one", head), [number(now.filter((one) => one.trend === word).length)]);
      }
      // The children that restricted cases have are named nowhere.
      const unnamed = now.find((one) => !one.first_name && !one.last_name);
      assert.ok(unnamed, "the sample has a child that must not be named");
      const search = tab.getByLabel("Child, case or family").first();
      await search.fill(unnamed.person_id);
      const row = await tab.locator("tbody th").filter({ hasText: unnamed.person_id }).first().textContent();
      assert.equal(row.trim(), unnamed.person_id);
      const down = now.filter((one) => one.trend === "down");
      await search.fill("");
      await tab.getByLabel("Trend").first().selectOption("down");
      assert.equal((await sums(tab))[0], `${number(down.length)} of ${number(now.length)} children of open periods`);
      await accessible(tab, "attendance, filtered");

      await go(tab, "levers");
      await accessible(tab, "levers");
      const levers = of("levers");
      assert.deepEqual(await sums(tab), [`${levers.levers.length} of ${levers.levers.length} reasons`]);
      const lines = await tab.locator("table", { has: tab.locator("caption", { hasText: "Reasons that hold families back" }) }).locator("tbody tr").evaluateAll((all) => all.map((one) => [...one.children].map((cell) => cell.textContent.trim())));
      lines.forEach((line, at) => {
        const one = levers.levers[at];
        assert.equal(line[0].toLowerCase(), one.reason.toLowerCase());
        assert.deepEqual(line.slice(3, 8), [number(one.alone), pounds(one.value), pounds(one.value_within_places), number(one.for_one_child), number(one.with_others)]);
      });
      const said = await tab.textContent("main");
      for (const one of [levers.families_held, levers.held_by_one_reason, levers.this_week.families_that_need_one_thing]) assert.ok(said.includes(number(one)));

      await go(tab, "anomalies");
      await accessible(tab, "anomalies");
      const anomalies = of("anomalies");
      const numbers = anomalies.claims_by_quarter;
      assert.deepEqual(await sums(tab), [`${anomalies.noticed.length} of ${anomalies.noticed.length} things that were noticed`, `${number(numbers.length)} of ${number(numbers.length)} numbers`]);
      const noticed = await tab.textContent("main");
      for (const one of anomalies.noticed) assert.ok(noticed.toLowerCase().includes(one.says.toLowerCase()), one.says);
      await tab.locator("figure summary").click();
      for (const one of numbers.filter((one) => one.of === "authority")) {
        const [claims, expected, lower, upper] = await cells(tab, "Claims of the authority by quarter", one.quarter);
        assert.deepEqual([claims, expected, lower, upper], [one.claims, one.expected, one.lower, one.upper]);
      }
      await tab.getByLabel("Lies").selectOption("above");
      assert.equal((await sums(tab))[1], `${numbers.filter((one) => one.lies === "above").length} of ${numbers.length} numbers`);
      // Practitioners are named only when asked for.
      const named = of("anomalies", "--show-names").claims_by_quarter.find((one) => one.of === "practitioner" && one.name !== "").name;
      assert.ok(!(await tab.textContent("main")).includes(named));
      await tab.click("#show-practitioners");
      await still(tab);
      assert.ok((await tab.textContent("main")).includes(named));
      await accessible(tab, "anomalies with names");

      await go(tab, "readings");
      await accessible(tab, "readings");
      const readings = of("readings");
      await tab.locator("figure summary").click();
      for (const one of readings.rows) {
        assert.deepEqual(await cells(tab, "Results that can be claimed, by reading", one.says || "As the rules stand"), [number(one.claimable), pounds(one.value)]);
      }
      const put = await tab.textContent("main");
      assert.ok(put.includes(`${readings.fewest.claimable} to ${readings.most.claimable}`) && put.includes(`Lost: ${readings.fewest.lost.length}`));

      // What these commands write stands among the files, with the same bytes.
      await go(tab, "files");
      const zip = unzipSync(await downloaded(tab, () => tab.click("#make-zip")));
      for (const command of ["attendance", "levers"]) {
        native(command, sample, "--as-at", DAY, "--out", join(room, command));
        for (const name of readdirSync(join(room, command))) assert.ok(Buffer.from(zip[`${command}/${name}`]).equals(readFileSync(join(room, command, name))), `${command}/${name} differs`);
      }
    });
  },

  async "an earlier run compared, from its folder and from a zip"() {
    const [earlier, now] = ["earlier", "now"].map((name) => join(room, name));
    native("check", sample, "--as-at", "2024-06-30", "--out", earlier, "--quiet");
    native("check", sample, "--as-at", DAY, "--out", now, "--quiet");
    const expected = JSON.parse(native("compare", earlier, now, "--json"));
    const sentence = `${expected.changed.length} periods have another status or are in one run only, ${expected.same_status.length.toLocaleString("en-GB")} have the same status and other verdicts or days, and ${expected.unchanged.toLocaleString("en-GB")} are the same.`;
    const zip = join(room, "earlier.zip");
    writeFileSync(zip, zipSync(Object.fromEntries(readdirSync(earlier).map((name) => [`check/${name}`, readFileSync(join(earlier, name))]))));
    await visit(page, {}, async (tab) => {
      await withoutDialogue(tab);
      await trySample(tab);
      await go(tab, "compare");
      await accessible(tab, "compare");
      await tab.setInputFiles("#earlier-folder", sample);
      await tab.waitForSelector(".problem");
      assert.match(await tab.textContent(".problem"), /No earlier run was found/);
      for (const [input, place] of [["#earlier-folder", earlier], ["#earlier-files", zip]]) {
        await tab.setInputFiles(input, place);
        await tab.waitForSelector(".working", { state: "attached" });
        await still(tab);
        assert.equal(await tab.textContent("#compared"), sentence);
        assert.deepEqual(JSON.parse((await downloaded(tab, () => tab.click("#save-comparison"))).toString()), expected);
        await accessible(tab, "a comparison");
      }
      // It is there again after a family was opened.
      await go(tab, `family/${expected.changed[0].case_id}`);
      await go(tab, "compare");
      await tab.waitForSelector("#compared");
      await tab.getByLabel("Now", { exact: true }).selectOption("claimable");
      const claimable = expected.changed.filter((one) => one.after === "claimable").length;
      assert.equal(await tab.locator(".sum").first().textContent(), `${claimable} of ${expected.changed.length} periods with another status`);
    });
  },

  async "past claims as they stood when claimed"() {
    await visit(page, {}, async (tab) => {
      await trySample(tab);
      for (const id of ["B59-C1", "B67-C1"]) {
        const [one] = JSON.parse(native("explain", sample, "--as-at", DAY, id, "--json"));
        const past = one.as_it_stood_when_claimed;
        assert.ok(past.length > 0, `${id} has a claim`);
        await go(tab, `family/${id}`);
        await accessible(tab, `family ${id}`);
        const cards = await tab.locator(".past-claim").allTextContents();
        assert.equal(cards.length, past.length);
        past.forEach((claim, at) => {
          const result = { sound: "Sound", sound_by_agreement: "Sound only by agreement", cannot_be_shown: "Cannot be shown", would_fail: "Would fail" }[claim.result];
          for (const words of [claim.claim_id, result, claim.reason, claim.known_since ?? "", pounds(claim.payment), claim.quarter, ...claim.missing, ...claim.still_to_be_had]) assert.ok(cards[at].includes(words), words);
        });
      }
    });
  },

  async "files that break are told in a sentence, and the page goes on"() {
    const folder = join(room, "broken");
    mkdirSync(folder);
    cpSync(sample, folder, { recursive: true });
    rmSync(join(folder, "people.csv"));
    writeFileSync(join(folder, "people.xlsx"), Buffer.from("PK\u0003\u0004 and no more", "latin1"));
    const parquet = join(room, "parquet");
    cpSync(sample, parquet, { recursive: true });
    rmSync(join(parquet, "people.csv"));
    writeFileSync(join(parquet, "people.parquet"), "PAR1");
    await visit(page, {}, async (tab) => {
      await tab.waitForSelector("html[data-ready]");
      for (const [place, said] of [[folder, /people\.xlsx/], [parquet, /people\.parquet is a Parquet file.*save it as CSV/]]) {
        await go(tab, "start");
        await tab.setInputFiles("#folder-input", place);
        await tab.waitForSelector(".problem", { timeout: 60_000 });
        assert.match(await tab.textContent(".problem"), said);
        await accessible(tab, "a problem");
      }
      await go(tab, "start");
      await trySample(tab);
    });
  },

  async "long work can be stopped, and begun again"() {
    await visit(page, {}, async (tab) => {
      await trySample(tab);
      await go(tab, "whatif");
      await tab.fill("#whatif-months", "4");
      await tab.click("#try-it");
      await tab.click(".working button");
      await tab.waitForSelector(".problem");
      assert.match(await tab.textContent(".problem"), /stopped/i);
      await tab.click("#try-it");
      await tab.waitForSelector("#whatif-sentence", { timeout: 120_000 });
    });
  },

  /// Only where LARGE names a folder with a large register of marks: `sfclaim sample --attendance marks` makes one.
  async "a large register is read with progress, in little memory"() {
    if (!process.env.LARGE) return;
    await visit(page, {}, async (tab) => {
      await tab.waitForSelector("html[data-ready]");
      await tab.setInputFiles("#folder-input", process.env.LARGE);
      await tab.waitForSelector("#setup", { timeout: 120_000 });
      await go(tab, "decisions");
      for (const [name, value] of [["Day", "30"], ["Month", "9"], ["Year", "2024"]]) await tab.getByLabel(name, { exact: true }).fill(value);
      const begun = Date.now();
      await tab.click("text=Decide for this day");
      await tab.waitForFunction(() => /MB of \d+ MB/.test(document.querySelector(".reading")?.textContent ?? ""), undefined, { timeout: 60_000 });
      await tab.waitForSelector(".tiles", { timeout: 300_000 });
      const took = (Date.now() - begun) / 1000;
      const most = await largestTab();
      console.log(`      decided in ${took.toFixed(1)} s; the tab took ${most} MB at most`);
      assert.ok(most < 2000);
    });
  },

  async "by keyboard alone, on a narrow dark screen"() {
    await visit(page, { colorScheme: "dark", viewport: { width: 320, height: 640 } }, async (tab) => {
      await tab.waitForSelector("html[data-ready]");
      const press = async (words) => {
        for (let at = 0; at < 60; at++) {
          await tab.keyboard.press("Tab");
          if ((await tab.evaluate(() => document.activeElement?.textContent ?? "")).trim() === words) {
            const seen = await tab.evaluate(() => getComputedStyle(document.activeElement).outlineStyle !== "none");
            assert.ok(seen, `the focus on "${words}" cannot be seen`);
            return tab.keyboard.press("Enter");
          }
        }
        throw new Error(`"${words}" cannot be reached by keyboard`);
      };
      await press("Try with the invented authority");
      await tab.waitForSelector(".tiles", { timeout: 120_000 });
      for (const [words, name] of [["Your data", "data"], ["Questions", "review"], ["Attendance", "attendance"], ["What holds back", "levers"], ["The year", "year"], ["What if", "whatif"], ["Assurance", "anomalies"], ["Readings", "readings"], ["Compare", "compare"], ["Files", "files"], ["Decisions", "decisions"]]) {
        // From the top, as after opening a page.
        await tab.evaluate(() => { document.activeElement?.blur(); getSelection()?.removeAllRanges(); document.getElementById("skip").focus(); });
        await press(words);
        await tab.waitForSelector(`main[data-view="#/${name}"]`);
        await still(tab);
        assert.equal(await tab.evaluate(() => document.activeElement?.tagName), "H1", "the focus goes to the heading");
        const wide = await tab.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
        assert.ok(wide <= 0, `${name} is ${wide} pixels wider than a screen of 320`);
        await accessible(tab, `${name}, narrow and dark`);
      }
    });
  },
};

await all(tests);
