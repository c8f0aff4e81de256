// What is drawn. Every chart has its numbers as a table below it, and its title and description for those who do not see it.
import { grouped, h, newId, svg, table, type Column } from "./dom";

const WIDTH = 720;

function frame(title: string, about: string, height: number, ...inside: (SVGElement | SVGElement[])[]): SVGElement {
  const [t, d] = [newId("title"), newId("about")];
  return svg("svg", { role: "img", "aria-labelledby": `${t} ${d}`, viewBox: `0 0 ${WIDTH} ${height}`, class: "chart" },
    svg("title", { id: t }, title), svg("desc", { id: d }, about), inside.flat());
}

/// A chart with its numbers.
export function figure<T>(title: string, chart: SVGElement, legend: HTMLElement | undefined, numbers: { columns: Column<T>[]; rows: T[] }): HTMLElement {
  return h("figure", {},
    h("figcaption", {}, title),
    legend,
    h("div", { class: "scroll", role: "region", tabindex: "0", "aria-label": `${title}, drawn` }, chart as unknown as HTMLElement),
    h("details", {}, h("summary", {}, "The numbers as a table"),
      h("div", { class: "inside" }, table({ caption: title, hidden: true, ...numbers, most: 40 }))));
}

export interface Series {
  name: string;
  /// Which of the styles: each is another dash and another mark too, not another colour alone.
  kind: "claims" | "projected" | "profile" | "level" | "level-two" | "expected";
  points: [number, number][];
}

/// Lines over months, and a band where something is uncertain.
export function lines(of: {
  title: string;
  about: string;
  names: string[];
  series: Series[];
  band?: { low: [number, number][]; high: [number, number][] };
}): SVGElement {
  const height = 340;
  const [left, right, top, bottom] = [52, 34, 16, 40];
  const all = [...of.series.flatMap((one) => one.points), ...(of.band?.high ?? [])].map(([, y]) => y);
  const highest = Math.max(1, ...all);
  const step = nice(highest / 5);
  const most = Math.ceil(highest / step) * step;
  const last = Math.max(1, of.names.length - 1);
  const x = (at: number) => left + (at / last) * (WIDTH - left - right);
  const y = (value: number) => height - bottom - (value / most) * (height - top - bottom);
  const path = (points: [number, number][]) => points.map(([at, value], place) => `${place ? "L" : "M"}${x(at).toFixed(1)} ${y(value).toFixed(1)}`).join(" ");
  const grid: SVGElement[] = [];
  for (let value = 0; value <= most + step / 2; value += step) {
    grid.push(svg("line", { x1: left, x2: WIDTH - right, y1: y(value), y2: y(value), class: "grid" }));
    grid.push(svg("text", { x: left - 8, y: y(value) + 5, class: "axis end" }, grouped(Math.round(value))));
  }
  // The last name ends where the chart does.
  const labels = of.names.map((name, at) => {
    const is_last = at === last && name.length > 6;
    return svg("text", { x: is_last ? WIDTH : x(at), y: height - bottom + 24, class: `axis ${is_last ? "end" : "middle"}` }, name);
  });
  const band = of.band
    ? [svg("path", { d: `${path(of.band.high)} ${path([...of.band.low].reverse()).replace("M", "L")} Z`, class: "band" })]
    : [];
  const drawn = of.series.flatMap((one) => {
    const marks = one.kind === "claims" || one.kind === "expected"
      ? one.points.map(([at, value]) => svg("circle", { cx: x(at), cy: y(value), r: 3.5, class: `mark ${one.kind}` }))
      : [];
    return [svg("path", { d: path(one.points), class: `line ${one.kind}` }), ...marks];
  });
  return frame(of.title, of.about, height, grid, band, drawn, labels);
}

function nice(rough: number): number {
  const power = 10 ** Math.floor(Math.log10(Math.max(rough, 1)));
  const step = [1, 2, 5, 10].find((one) => one * power >= rough) ?? 10;
  return Math.max(1, step * power);
}

/// What each line is: a sample of it and its name.
export function legend(entries: [Series["kind"] | "band", string][]): HTMLElement {
  const sample = (kind: string) =>
    svg("svg", { viewBox: "0 0 40 12", width: 40, height: 12, "aria-hidden": "true", focusable: "false" },
      kind === "band" ? svg("rect", { x: 0, y: 1, width: 40, height: 10, class: "band" }) : svg("path", { d: "M0 6 L40 6", class: `line ${kind}` }));
  return h("ul", { class: "legend" }, entries.map(([kind, name]) => h("li", {}, sample(kind) as unknown as HTMLElement, ` ${name}`)));
}

/// Bars that stand under each other, each with its name above it and its number beside it.
export function bars(of: { title: string; about: string; rows: { name: string; value: number; said: string }[] }): SVGElement {
  const row = 46;
  const height = of.rows.length * row + 6;
  const most = Math.max(1, ...of.rows.map((one) => one.value));
  const drawn = of.rows.flatMap((one, at) => {
    const width = Math.max(one.value > 0 ? 2 : 0, (one.value / most) * (WIDTH - 190));
    return [
      svg("text", { x: 0, y: at * row + 16, class: "axis" }, one.name),
      svg("rect", { x: 0, y: at * row + 22, width, height: 16, class: "bar" }),
      svg("text", { x: width + 8, y: at * row + 35, class: "axis strong" }, one.said),
    ];
  });
  return frame(of.title, of.about, height, drawn);
}

export interface TimelineLine {
  what: string;
  from: string;
  to: string;
  goes_on: boolean;
}

/// What happened when: stretches as bars, single days as diamonds, the days to come as rings.
export function timeline(of: { title: string; about: string; lines: TimelineLine[]; asAt: string; due: { what: string; on: string }[] }): SVGElement {
  const number = (iso: string) => Date.parse(`${iso}T00:00:00Z`) / 86_400_000;
  const days = [...of.lines.flatMap((one) => [number(one.from), number(one.to)]), number(of.asAt), ...of.due.map((one) => number(one.on))];
  const [first, last] = [Math.min(...days) - 10, Math.max(...days) + 10];
  const [labels, row, top] = [250, 26, 44];
  const x = (day: number) => labels + ((day - first) / Math.max(1, last - first)) * (WIDTH - labels - 12);
  const height = top + (of.lines.length + of.due.length) * row + 10;
  const years: SVGElement[] = [];
  for (let year = new Date(first * 86_400_000).getUTCFullYear() + 1; number(`${year}-01-01`) <= last; year++) {
    const at = x(number(`${year}-01-01`));
    years.push(svg("line", { x1: at, x2: at, y1: 20, y2: height, class: "grid" }));
    years.push(svg("text", { x: at + 3, y: 32, class: "axis" }, String(year)));
  }
  const today = x(number(of.asAt));
  const now = [svg("line", { x1: today, x2: today, y1: 16, y2: height, class: "today" }), svg("text", { x: Math.min(today, WIDTH - 40), y: 12, class: "axis middle strong" }, "as-at date")];
  const short = (what: string) => (what.length > 34 ? `${what.slice(0, 33)}…` : what);
  const drawn = of.lines.flatMap((one, at) => {
    const y = top + at * row;
    const [from, to] = [x(number(one.from)), x(number(one.to))];
    const kind = one.what.startsWith("claim") ? "is-claim" : one.what.startsWith("term") ? "is-term" : one.what.startsWith("need") ? "is-need" : "is-case";
    const label = svg("text", { x: 0, y: y + 14, class: "axis" }, short(one.what));
    if (one.from === one.to && !one.goes_on) {
      return [label, svg("path", { d: `M${from} ${y + 3} l7 7 l-7 7 l-7 -7 z`, class: `event ${kind}` })];
    }
    return [label, svg("rect", { x: from, y: y + 4, width: Math.max(3, to - from), height: 12, class: `stretch ${kind}${one.goes_on ? " goes-on" : ""}` })];
  });
  const due = of.due.flatMap((one, at) => {
    const y = top + (of.lines.length + at) * row;
    return [svg("text", { x: 0, y: y + 14, class: "axis strong" }, short(one.what)), svg("circle", { cx: x(number(one.on)), cy: y + 10, r: 6, class: "due" })];
  });
  return frame(of.title, of.about, height, years, now, drawn, due);
}
