// Pictures of every view, to be looked at: node look.mjs PAGE.html FOLDER [dark] [narrow]
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { still, visit } from "./browser.mjs";

const [page, folder, ...how] = process.argv.slice(2);
const [dark, narrow] = ["dark", "narrow"].map((one) => how.includes(one));
mkdirSync(folder, { recursive: true });
await visit(page, { colorScheme: dark ? "dark" : "light", viewport: narrow ? { width: 320, height: 640 } : { width: 1280, height: 900 } }, async (tab) => {
  const take = (name) => tab.screenshot({ path: join(folder, `${name}.png`), fullPage: !["decisions", "review", "attendance"].includes(name) });
  await tab.waitForSelector("html[data-ready]");
  console.log("ready after", await tab.getAttribute("html", "data-ready"), "ms");
  await take("start");
  await tab.click("#try-sample");
  await tab.waitForSelector(".tiles", { timeout: 120_000 });
  await take("decisions");
  for (const [name, place] of [["data", "data"], ["family", "family/B67-C1"], ["review", "review"], ["attendance", "attendance"], ["levers", "levers"], ["year", "year"], ["anomalies", "anomalies"], ["readings", "readings"], ["compare", "compare"], ["files", "files"], ["whatif", "whatif"], ["settings", "settings"]]) {
    await tab.evaluate((to) => (location.hash = `#/${to}`), place);
    await tab.waitForTimeout(300);
    await still(tab);
    if (name === "whatif") {
      await tab.fill("#whatif-threshold", "88");
      await tab.click("#try-it");
      await tab.waitForSelector("#whatif-sentence", { timeout: 120_000 });
    }
    await take(name);
    const wide = await tab.evaluate(() => document.documentElement.scrollWidth > window.innerWidth);
    if (wide) console.log(`${name} is wider than the screen`);
  }
});
