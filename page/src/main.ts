// The page: which view is shown, and what stands around it.
import { Context } from "./context";
import { day, h, notice } from "./dom";
import { Engine } from "./engine";
import { anomalies } from "./views/anomalies";
import { attendance } from "./views/attendance";
import { compare } from "./views/compare";
import { data, dateForm } from "./views/data";
import { decisions } from "./views/decisions";
import { family } from "./views/family";
import { files } from "./views/files";
import { levers } from "./views/levers";
import { readings } from "./views/readings";
import { review } from "./views/review";
import { settings } from "./views/settings";
import { start } from "./views/start";
import { whatif } from "./views/whatif";
import { year } from "./views/year";

/// The worker's code, put in as text when the page is built.
declare const WORKER: string;

/// The 94 signs in which the packed engine is written, in their order; the build puts them in.
declare const SIGNS: string;

/// The packed engine: its length, then eleven signs for nine bytes.
function packed(): Uint8Array {
  const text = document.getElementById("engine")!.textContent!;
  const values = new Uint8Array(128);
  [...SIGNS].forEach((sign, value) => (values[sign.charCodeAt(0)] = value));
  const begin = text.indexOf(" ") + 1;
  const length = Number(text.slice(0, begin));
  const blocks = Math.ceil(length / 9);
  const bytes = new Uint8Array(blocks * 9);
  for (let at = 0; at < blocks; at++) {
    // One number of nine bytes, in three parts of 24 bits.
    let [high, middle, low] = [0, 0, 0];
    for (let place = 0; place < 11; place++) {
      low = low * 94 + values[text.charCodeAt(begin + at * 11 + place)]!;
      middle = middle * 94 + (low >>> 24);
      high = high * 94 + (middle >>> 24);
      low &= 0xffffff;
      middle &= 0xffffff;
    }
    [high, middle, low].forEach((part, of) => {
      bytes[at * 9 + of * 3] = part >>> 16;
      bytes[at * 9 + of * 3 + 1] = part >>> 8;
      bytes[at * 9 + of * 3 + 2] = part;
    });
  }
  return bytes.subarray(0, length);
}

const main = document.getElementById("main")!;
const nav = document.getElementById("views")!;
const about = document.getElementById("about")!;

interface View {
  name: string;
  in_nav: boolean;
  /// Whether it needs a folder, and a day.
  needs: "nothing" | "folder" | "day";
  draw: (context: Context, of: string) => HTMLElement;
}

const VIEWS: Record<string, View> = {
  start: { name: "Start", in_nav: true, needs: "nothing", draw: start },
  settings: { name: "Settings", in_nav: false, needs: "folder", draw: settings },
  data: { name: "Your data", in_nav: true, needs: "folder", draw: data },
  decisions: { name: "Decisions", in_nav: true, needs: "day", draw: decisions },
  family: { name: "Family", in_nav: false, needs: "day", draw: family },
  review: { name: "Questions", in_nav: true, needs: "day", draw: review },
  attendance: { name: "Attendance", in_nav: true, needs: "day", draw: attendance },
  levers: { name: "What holds back", in_nav: true, needs: "day", draw: levers },
  year: { name: "The year", in_nav: true, needs: "day", draw: year },
  whatif: { name: "What if", in_nav: true, needs: "day", draw: whatif },
  anomalies: { name: "Assurance", in_nav: true, needs: "day", draw: anomalies },
  readings: { name: "Readings", in_nav: true, needs: "day", draw: readings },
  compare: { name: "Compare", in_nav: true, needs: "day", draw: compare },
  files: { name: "Files", in_nav: true, needs: "day", draw: files },
};

const context = new Context(
  new Engine(WORKER, packed),
  (place) => {
    if (location.hash === `#/${place}`) show();
    else location.hash = `#/${place}`;
  },
  () => around(current()[0]),
);

function current(): [string, string] {
  const [, name = "start", of = ""] = location.hash.split("/");
  return [name in VIEWS ? name : "start", decodeURIComponent(of)];
}

function around(name: string) {
  const entries = Object.entries(VIEWS).filter(([, view]) => view.in_nav && (view.needs === "nothing" || context.folder !== ""));
  nav.replaceChildren(...entries.map(([key, view]) => h("li", {}, h("a", { href: `#/${key}`, "aria-current": key === name ? "page" : undefined }, view.name))));
  const change = h("a", { href: "#/data" }, context.asAt ? "Change the day" : "Say the day");
  about.replaceChildren(...(context.folder === "" ? [] : [`${context.folder}${context.asAt ? `, as at ${day(context.asAt)}` : ""}. `, change]));
}

function show(focus = true) {
  const [name, of] = current();
  const view = VIEWS[name]!;
  around(name);
  let drawn: HTMLElement;
  if (view.needs !== "nothing" && context.folder === "") drawn = start(context);
  else if (view.needs === "day" && context.asAt === "") {
    drawn = h("div", {}, h("h1", { tabindex: "-1" }, view.name), notice("Say for which day to decide."), dateForm(context));
  } else drawn = view.draw(context, of);
  main.replaceChildren(drawn);
  document.title = `${drawn.querySelector("h1")?.textContent ?? view.name} – sfclaim`;
  main.dataset["view"] = location.hash;
  if (focus) {
    main.querySelector<HTMLElement>("h1")?.focus({ preventScroll: true });
    window.scrollTo(0, 0);
  }
}

document.getElementById("skip")!.addEventListener("click", (event) => {
  event.preventDefault();
  main.querySelector<HTMLElement>("h1")?.focus();
});
window.addEventListener("hashchange", () => show());
window.addEventListener("beforeunload", (event) => { if (context.unsaved.size > 0) event.preventDefault(); });
// A file dropped beside the field would open in place of the page.
for (const kind of ["dragover", "drop"]) window.addEventListener(kind, (event) => event.preventDefault());
window.addEventListener("beforeprint", () => document.querySelectorAll("figure details").forEach((one) => one.setAttribute("open", "")));
show(false);
const ready = performance.now();
context.engine.warm().then(
  () => document.documentElement.setAttribute("data-ready", String(Math.round(performance.now() - ready))),
  (why) => main.prepend(notice(String(why.message ?? why))),
);
