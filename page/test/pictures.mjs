// The pictures in README.md and docs/, all of the invented authority: node pictures.mjs PAGE.html SFCLAIM SAMPLE_DATA FOLDER
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { still, visit } from "./browser.mjs";

const [page, program, sample, folder] = process.argv.slice(2);
mkdirSync(folder, { recursive: true });
const room = mkdtempSync(join(tmpdir(), "sfclaim-pictures-"));
process.on("exit", () => rmSync(room, { recursive: true, force: true }));
const size = { colorScheme: "light", viewport: { width: 1120, height: 700 } };

await visit(page, size, async (tab) => {
  await tab.waitForSelector("html[data-ready]");
  await tab.click("#try-sample");
  await tab.waitForSelector(".tiles", { timeout: 120_000 });
  await still(tab);
  await tab.screenshot({ path: join(folder, "page.png") });
});

const out = join(room, "out");
try {
  execFileSync(program, ["report", sample, "--as-at", "2024-09-30", "--only", "page", "--out", out], { stdio: "ignore" });
} catch (why) {
  // 1 says that there are findings.
  if (why.status !== 1) throw why;
}
await visit(join(out, "report.html"), size, async (tab) => {
  await tab.locator("svg").first().scrollIntoViewIfNeeded();
  await tab.screenshot({ path: join(folder, "report.png") });
});
