// The page in a real browser, from a file: what every test here begins with.
import { readFileSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { chromium } from "playwright-core";

const FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"];
const axe = readFileSync(new URL("../node_modules/axe-core/axe.min.js", import.meta.url), "utf8");

/// Opens the page and gives it to `visit`, then checks that nothing was asked of any network and nothing was complained of.
export async function visit(page, options, visit) {
  const folder = mkdtempSync(join(tmpdir(), "sfclaim-page-"));
  const context = await chromium.launchPersistentContext(folder, {
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", headless: true, args: FLAGS, acceptDownloads: true, bypassCSP: false,
    viewport: { width: 1280, height: 900 }, ...options,
  });
  try {
    const tab = await context.newPage();
    const [asked, complaints] = [[], []];
    const place = pathToFileURL(page).href;
    context.on("request", (request) => {
      if (!/^(blob|data):/.test(request.url()) && !request.url().startsWith(place)) asked.push(request.url());
    });
    tab.on("console", (message) => ["error", "warning"].includes(message.type()) && complaints.push(message.text()));
    tab.on("pageerror", (why) => complaints.push(String(why)));
    await tab.goto(place);
    await visit(tab);
    if (asked.length > 0) throw new Error(`something was asked of a network: ${asked.join(", ")}`);
    if (complaints.length > 0) throw new Error(`the console complains: ${complaints.join("; ")}`);
  } finally {
    await context.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

/// Waits until nothing is being done.
export async function still(tab) {
  await tab.waitForFunction(() => document.querySelector(".working") === null, undefined, { timeout: 120_000 });
}

/// Looks for what keeps people out: WCAG 2.2 AA and the habits beside it.
export async function accessible(tab, where) {
  await tab.evaluate(axe);
  const found = await tab.evaluate(() =>
    window.axe.run(document, { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] }));
  if (found.violations.length > 0) {
    const said = found.violations.map((one) => `${one.id}: ${one.help}: ${one.nodes.slice(0, 3).map((node) => node.html.slice(0, 160)).join(" | ")}`);
    throw new Error(`axe on ${where}: ${said.join("\n")}`);
  }
}

/// Runs tests by their names, those whose name has `ONLY` in it where that is set, and ends with 1 if one has failed.
export async function all(tests) {
  let failed = 0;
  for (const [name, test] of Object.entries(tests)) {
    if (process.env.ONLY && !name.includes(process.env.ONLY)) continue;
    const begun = Date.now();
    try {
      await test();
      console.log(`ok    ${name} (${((Date.now() - begun) / 1000).toFixed(1)} s)`);
    } catch (why) {
      failed++;
      console.log(`FAIL  ${name}\n${why.stack ?? why}`);
    }
  }
  process.exit(failed === 0 ? 0 : 1);
}
