// The main visit of the page in Firefox: node firefox.mjs PAGE.html SFCLAIM SAMPLE_DATA
// Firefox is spoken to by Marionette, its own remote control, over a socket of this computer. FIREFOX says where it is.
import assert from "node:assert/strict";
import { execFileSync, spawn, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { pathToFileURL } from "node:url";
import { unzipSync } from "fflate";

const [page, program, sample] = process.argv.slice(2);
const DAY = "2024-09-30";

const firefox = [process.env.FIREFOX, "firefox-esr", "firefox"].find((one) => one && spawnSync(one, ["--version"]).status === 0);
if (!firefox) {
  console.error("NOT TESTED: the page in Firefox. There is none here (Debian's package firefox-esr; FIREFOX says where it is).");
  process.exit(0);
}

const room = mkdtempSync(join(tmpdir(), "sfclaim-firefox-"));
const [profile, downloads] = ["profile", "downloads"].map((name) => join(room, name));
mkdirSync(profile);
mkdirSync(downloads);
const prefs = {
  "marionette.port": 0, "browser.download.folderList": 2, "browser.download.dir": downloads, "browser.download.useDownloadDir": true,
  "browser.download.alwaysOpenPanel": false, "browser.shell.checkDefaultBrowser": false, "browser.startup.homepage_override.mstone": "ignore",
  "datareporting.policy.dataSubmissionEnabled": false, "toolkit.telemetry.reportingpolicy.firstRun": false, "app.update.enabled": false,
  "app.normandy.enabled": false, "extensions.getAddons.cache.enabled": false, "network.captive-portal-service.enabled": false,
  "network.connectivity-service.enabled": false, "services.settings.server": "data:,", "browser.newtabpage.enabled": false,
};
writeFileSync(join(profile, "user.js"), Object.entries(prefs).map(([name, value]) => `user_pref(${JSON.stringify(name)}, ${JSON.stringify(value)});\n`).join(""));

const said = [];
const browser = spawn(firefox, ["--headless", "--marionette", "--remote-allow-system-access", "--no-remote", "--profile", profile], {
  env: { ...process.env, HOME: room, MOZ_HEADLESS: "1" }, stdio: ["ignore", "pipe", "pipe"],
});
for (const stream of [browser.stdout, browser.stderr]) stream.on("data", (bytes) => said.push(bytes.toString()));

/// Tries again until it gives something.
async function until(what, work, seconds = 120) {
  const end = Date.now() + seconds * 1000;
  for (;;) {
    const found = await work();
    if (found) return found;
    if (browser.exitCode !== null) throw new Error(`Firefox ended with ${browser.exitCode}: ${said.join("").slice(-2000)}`);
    if (Date.now() > end) throw new Error(`not after ${seconds} seconds: ${what}`);
    await sleep(100);
  }
}

/// The remote control: each message is its length, a colon and JSON.
class Marionette {
  #socket;
  #waiting = new Map();
  #number = 0;

  static async to(port) {
    const one = new Marionette();
    one.#socket = connect(port, "127.0.0.1");
    let bytes = Buffer.alloc(0);
    const greeted = new Promise((done, failed) => {
      one.#socket.on("error", failed);
      one.#socket.on("data", (more) => {
        bytes = Buffer.concat([bytes, more]);
        for (let colon = bytes.indexOf(":"); colon > 0; colon = bytes.indexOf(":")) {
          const end = colon + 1 + Number(bytes.subarray(0, colon).toString());
          if (bytes.length < end) return;
          const message = JSON.parse(bytes.subarray(colon + 1, end).toString());
          bytes = bytes.subarray(end);
          if (!Array.isArray(message)) {
            done();
            continue;
          }
          const [, number, why, result] = message;
          const { well, badly } = one.#waiting.get(number);
          one.#waiting.delete(number);
          if (why) badly(new Error(`${why.error}: ${why.message}`));
          else well(result);
        }
      });
    });
    await greeted;
    return one;
  }

  ask(name, parameters = {}) {
    const number = ++this.#number;
    const text = Buffer.from(JSON.stringify([0, number, name, parameters]));
    const answer = new Promise((well, badly) => this.#waiting.set(number, { well, badly }));
    this.#socket.write(Buffer.concat([Buffer.from(`${text.length}:`), text]));
    return answer;
  }

  /// What a script says, in the page or (`chrome`) in Firefox itself.
  async script(body, args = [], context = "content") {
    await this.ask("Marionette:SetContext", { value: context });
    const { value } = await this.ask("WebDriver:ExecuteScript", { script: body, args, sandbox: context === "chrome" ? "system" : null, scriptTimeout: 120_000 });
    return value;
  }

  close() {
    this.#socket.destroy();
  }
}

/// Run in Firefox itself: notes what anything but Firefox itself asks of a network, and what scripts say on the console, which each
/// process of Firefox keeps for itself.
const WATCH = `
  globalThis.asked = [];
  Services.obs.addObserver((subject) => {
    const channel = subject.QueryInterface(Ci.nsIHttpChannel);
    if (!channel.loadInfo?.triggeringPrincipal?.isSystemPrincipal) globalThis.asked.push(channel.URI.spec);
  }, "http-on-modify-request");
  globalThis.told = [];
  Services.ppmm.addMessageListener("sfclaim-told", (message) => globalThis.told.push(message.data));
  const listen = () => {
    const storage = Cc["@mozilla.org/consoleAPI-storage;1"].getService(Ci.nsIConsoleAPIStorage);
    storage.addLogEventListener((one) => {
      const { level, filename } = one.wrappedJSObject ?? one;
      const words = [...((one.wrappedJSObject ?? one).arguments ?? [])].map(String).join(" ");
      sendAsyncMessage("sfclaim-told", { level, filename, words });
    }, Cc["@mozilla.org/systemprincipal;1"].createInstance(Ci.nsIPrincipal));
  };
  Services.ppmm.loadProcessScript("data:," + encodeURIComponent("(" + listen + ")()"), true);
  Services.console.reset();`;

/// What the console shows of the page: errors and warnings of the browser about it, and what its own scripts said.
const COMPLAINTS = `
  const [place] = arguments;
  const ours = (name) => name?.startsWith(place) || /^(blob|data):/.test(name);
  const errors = Services.console.getMessageArray().filter((one) =>
    one instanceof Ci.nsIScriptError && !/^(resource|chrome):/.test(one.sourceName) && (ours(one.sourceName) || one.innerWindowID !== 0));
  const told = globalThis.told.filter((one) => ["error", "warn", "assert"].includes(one.level) && !/^(resource|chrome):/.test(one.filename));
  return [...errors.map((one) => one.errorMessage), ...told.map((one) => one.words)];`;

async function visit() {
  const active = join(profile, "MarionetteActivePort");
  const port = Number(await until("Firefox listens", () => existsSync(active) && readFileSync(active, "utf8").trim()));
  const tab = await Marionette.to(port);
  await tab.ask("WebDriver:NewSession", { capabilities: { alwaysMatch: {} } });
  await tab.script(WATCH, [], "chrome");
  const place = pathToFileURL(page).href;
  await tab.ask("Marionette:SetContext", { value: "content" });
  await tab.ask("WebDriver:Navigate", { url: place });
  const there = (selector) => until(selector, () => tab.script("return document.querySelector(arguments[0]) !== null", [selector]));
  const press = async (selector) => {
    await there(selector);
    await tab.ask("WebDriver:ElementClick", { id: Object.values((await tab.ask("WebDriver:FindElement", { using: "css selector", value: selector })).value)[0] });
  };
  const go = async (to) => {
    await tab.script("location.hash = arguments[0]", [`#/${to}`]);
    await there(`main[data-view="#/${to}"]`);
    await until("the work ends", () => tab.script('return document.querySelector(".working") === null'));
  };

  await there("html[data-ready]");
  await press("#try-sample");
  await there(".tiles");

  // The decisions are those of the native program.
  const checked = join(room, "check");
  try {
    execFileSync(program, ["check", sample, "--as-at", DAY, "--out", checked, "--quiet"], { stdio: "pipe" });
  } catch (why) {
    // A code of 1 says that there are findings.
    if (why.status !== 1) throw why;
  }
  const summary = JSON.parse(readFileSync(join(checked, "summary.json"), "utf8"));
  await tab.script('const to = document.querySelector("#filter-status"); to.value = "claimable"; to.dispatchEvent(new Event("change", { bubbles: true }))');
  const sum = await tab.script('return document.querySelector(".sum").textContent');
  assert.ok(sum.includes(`${summary.statuses.claimable} of ${summary.periods.toLocaleString("en-GB")}`), sum);

  // A family opened by its link, and every other view.
  await press("main table a");
  await there("svg.chart");
  for (const view of ["data", "review", "year", "whatif", "settings"]) await go(view);

  // Every file of `check`, byte for byte, as Firefox saves them.
  await go("files");
  await press("#make-zip");
  const whole = () => readdirSync(downloads).find((name) => name.endsWith(".zip") && !existsSync(join(downloads, `${name}.part`)));
  const name = await until("the files are saved", () => (readdirSync(downloads).some((one) => one.endsWith(".part")) ? undefined : whole()));
  const zip = unzipSync(readFileSync(join(downloads, name)));
  const names = readdirSync(checked);
  assert.ok(names.includes("decisions.csv"));
  for (const one of names) {
    assert.ok(zip[`check/${one}`], `the zip lacks check/${one}`);
    assert.ok(Buffer.from(zip[`check/${one}`]).equals(readFileSync(join(checked, one))), `check/${one} differs`);
  }

  const complaints = await tab.script(COMPLAINTS, [place], "chrome");
  assert.deepEqual(complaints, [], "the console complains");
  assert.deepEqual(await tab.script("return globalThis.asked", [], "chrome"), [], "something was asked of a network");
  // That the console would be seen to complain.
  await tab.script('console.error("heard"); setTimeout(() => { throw new Error("thrown") }, 0); window.fetch("http://127.0.0.1:9/").catch(() => 0)');
  await until("a complaint is heard", async () => {
    const heard = await tab.script(COMPLAINTS, [place], "chrome");
    return ["heard", "thrown", "127.0.0.1"].every((word) => heard.some((one) => one.includes(word)));
  }, 10);
  tab.close();
}

let failed = false;
const begun = Date.now();
try {
  await visit();
  console.log(`ok    the main visit in Firefox ${spawnSync(firefox, ["--version"]).stdout.toString().trim()} (${((Date.now() - begun) / 1000).toFixed(1)} s)`);
} catch (why) {
  failed = true;
  console.log(`FAIL  the main visit in Firefox\n${why.stack ?? why}`);
}
const ended = new Promise((done) => (browser.exitCode === null ? browser.once("exit", done) : done()));
browser.kill();
await ended;
rmSync(room, { recursive: true, force: true, maxRetries: 5 });
process.exit(failed ? 1 : 0);
