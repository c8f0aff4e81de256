// The pages that `sfclaim report` writes: what report.html works out, held against the commands, and all of them in a real browser:
// node reports.mjs SFCLAIM SAMPLE_DATA [HOW_MANY_SETTINGS]
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { accessible, all, visit } from "./browser.mjs";

const [program, sample, settings = "200"] = process.argv.slice(2);
const DAY = "2024-09-30";
const room = mkdtempSync(join(tmpdir(), "sfclaim-reports-"));
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

const out = join(room, "out");
native("report", sample, "--as-at", DAY, "--out", out, "--only", "page,exception");
// One claim is enough: every other is a section like it.
native("evidence", sample, "--as-at", DAY, "B21-C1", "--show-names", "--out", join(room, "evidence"));
const report = readFileSync(join(out, "report.html"), "utf8");

const pounds = (text) => `£${Number(text).toLocaleString("en-GB", { minimumFractionDigits: text.endsWith(".00") ? 0 : 2 })}`;
const plain = (pence) => `${pence / 100n}.${String(pence % 100n).padStart(2, "0")}`;

/// The same numbers on every run.
function numbers(seed) {
  let state = BigInt(seed);
  return (below) => {
    state = (state * 6364136223846793005n + 1442695040888963407n) & ((1n << 64n) - 1n);
    return Number((state >> 33n) % BigInt(below));
  };
}

const tests = {
  async "the script of the page works out what whatif and forecast say"() {
    const script = /<script>([^]*?)<\/script>/.exec(report)[1];
    const held = JSON.parse(/<script type="application\/json" id="held">([^]*?)<\/script>/.exec(report)[1]);
    const { figuresOf, percent, pence } = new Function(`${script}; return { figuresOf, percent, pence };`)();
    const same = (grant, found, of) => {
      const page = [found.targetReached, found.placesUsed, plain(found.grant), plain(found.atRisk), plain(found.atRiskLow), plain(found.atRiskMedian), plain(found.atRiskHigh)];
      const command = [grant.chance_target_reached, grant.chance_places_used, grant.expected_grant, grant.expected_at_risk, grant.at_risk_low, grant.at_risk_median, grant.at_risk_high];
      assert.deepEqual(page, command, JSON.stringify(of));
    };
    const today = JSON.parse(native("forecast", sample, "--as-at", DAY, "--json"));
    const now = figuresOf(held, today.target, today.funded_places, pence(held.payment));
    same(today.grant, now, "today");
    assert.equal(now.paid, today.grant.expected_paid_places);

    // Near what is expected, where the figures move, and far from it.
    const next = numbers(7);
    const middle = Math.round(today.year_end.expected);
    const tried = [{ target: 1, places: 1, payment: "0.01" }, { target: 100000, places: 100000, payment: "1000000" }, { target: middle, places: middle, payment: "0" }];
    while (tried.length < Number(settings)) {
      const near = () => Math.max(1, middle - 120 + next(240));
      const payment = [`${next(5000)}`, `${next(5000)}.${String(next(100)).padStart(2, "0")}`][next(2)];
      tried.push({ target: next(4) === 0 ? 1 + next(2000) : near(), places: next(4) === 0 ? 1 + next(2000) : near(), payment });
    }
    const file = join(room, "scenarios.toml");
    writeFileSync(file, tried.map((one, at) => `[[scenario]]\nname = "s${at}"\ntarget = ${one.target}\nfunded_places = ${one.places}\npayment = "${one.payment}"\n`).join("\n"));
    const found = JSON.parse(native("whatif", sample, "--as-at", DAY, "--scenarios", file, "--json"));
    assert.equal(found.scenarios.length, tried.length);
    found.scenarios.forEach((scenario, at) => {
      const one = tried[at];
      same(scenario.figures.expected.grant, figuresOf(held, one.target, one.places, pence(one.payment)), one);
    });

    // As the screens say a chance: halves go to the even number.
    for (const [chance, said] of [[0, "less than 1%"], [0.0099, "less than 1%"], [0.01, "1%"], [0.125, "12%"], [0.135, "14%"], [0.5049, "50%"], [0.99, "99%"], [0.9901, "more than 99%"]]) {
      assert.equal(percent(chance), said);
    }
    for (const wrong of ["", "-1", "8e2", "1000000.01", "1.234", "eight"]) assert.equal(pence(wrong), undefined, wrong);
  },

  async "figures are changed by typing, and the page without scripts has those of the run"() {
    const forecast = JSON.parse(native("forecast", sample, "--as-at", DAY, "--json"));
    const cell = (tab, name, at) => tab.locator("tr", { has: tab.locator("th", { hasText: name }) }).locator("td").nth(at).textContent();
    await visit(join(out, "report.html"), {}, async (tab) => {
      for (const at of [0, 1]) {
        assert.equal(await cell(tab, /^Grant for them/, at), pounds(forecast.grant.expected_grant));
        assert.equal(await cell(tab, /^Grant at risk.*on average$/, at), pounds(forecast.grant.expected_at_risk));
        assert.equal(await cell(tab, /^Grant at risk.*with a chance/, at), `${pounds(forecast.grant.at_risk_low)} to ${pounds(forecast.grant.at_risk_high)}`);
      }
      await tab.locator("#try-places").fill("300");
      await tab.locator("#try-payment").fill("£1,250.50");
      const other = JSON.parse(native("whatif", sample, "--as-at", DAY, "--set", "funded_places=300", "--set", "payment=1250.50", "--json")).scenarios.at(-1).figures.expected.grant;
      assert.equal(await cell(tab, /^Grant for them/, 1), pounds(other.expected_grant));
      assert.equal(await cell(tab, /^Grant at risk.*on average$/, 1), pounds(other.expected_at_risk));
      await accessible(tab, "the report, changed");
      await tab.locator("#try-target").fill("many");
      assert.equal(await cell(tab, /^Grant for them/, 1), "not known");
      assert.ok(await tab.locator("#wrong-target").isVisible());
      await accessible(tab, "the report with a mistake");
      await tab.getByText("Back to the figures of this report").click();
      assert.equal(await cell(tab, /^Grant for them/, 1), pounds(forecast.grant.expected_grant));
    });
    await visit(join(out, "report.html"), { javaScriptEnabled: false }, async (tab) => {
      assert.equal(await tab.locator("fieldset").isVisible(), false);
      assert.equal(await tab.locator("[data-figure]").first().isVisible(), false);
      assert.ok(await tab.getByText(pounds(forecast.grant.expected_at_risk)).first().isVisible());
    });
  },

  async "nobody is kept out: light and dark, on a narrow screen and on paper"() {
    const place = (page) => join(page === "evidence.html" ? join(room, "evidence") : out, page);
    for (const page of ["report.html", "evidence.html", "exception-report.html"]) {
      for (const colorScheme of ["light", "dark"]) {
        for (const width of [1280, 320]) {
          await visit(place(page), { colorScheme, viewport: { width, height: 900 } }, async (tab) => {
            const wide = await tab.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
            assert.ok(wide <= 0, `${page} is ${wide} pixels wider than a screen of ${width}`);
            await accessible(tab, `${page}, ${colorScheme}, ${width}`);
            if (process.env.PICTURES) await tab.screenshot({ path: join(process.env.PICTURES, `${page}-${colorScheme}-${width}.png`), fullPage: true });
          });
        }
      }
      await visit(place(page), { colorScheme: "dark" }, async (tab) => {
        await tab.emulateMedia({ media: "print" });
        const ground = await tab.evaluate(() => getComputedStyle(document.body).backgroundColor);
        assert.equal(ground, "rgb(255, 255, 255)", `${page} is dark on paper`);
        if (process.env.PICTURES) await tab.pdf({ path: join(process.env.PICTURES, `${page}.pdf`), format: "A4", printBackground: true });
      });
    }
  },
};

await all(tests);
