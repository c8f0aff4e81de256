// Elements, tables and small pieces that every view uses. Text always goes in as text: nothing of a file can become markup.

type Child = Node | string | number | undefined | null | false | Child[];
type Props = Record<string, unknown>;

function fill(element: Element, props: Props, children: Child[]) {
  for (const [name, value] of Object.entries(props)) {
    if (value === undefined || value === false || value === null) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value as EventListener);
    else if (name === "value") (element as HTMLInputElement).value = String(value);
    else element.setAttribute(name, value === true ? "" : String(value));
  }
  const add = (child: Child) => {
    if (Array.isArray(child)) child.forEach(add);
    else if (child instanceof Node) element.append(child);
    else if (child !== undefined && child !== null && child !== false) element.append(String(child));
  };
  children.forEach(add);
}

export function h<K extends keyof HTMLElementTagNameMap>(
  name: K,
  props: Props = {},
  ...children: Child[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(name);
  fill(element, props, children);
  return element;
}

export function svg(name: string, props: Props = {}, ...children: Child[]): SVGElement {
  const element = document.createElementNS("http://www.w3.org/2000/svg", name);
  fill(element, props, children);
  return element;
}

let ids = 0;
export const newId = (stem: string) => `${stem}-${++ids}`;

/// A column of a table that is shown.
export interface Column<T> {
  name: string;
  cell: (row: T) => Child;
  numeric?: boolean;
  /// Whether its cells hold sentences, which want room.
  wide?: boolean;
  /// What the rows are sorted by when a person presses the heading.
  sort?: (row: T) => string | number;
}

export interface TableOptions<T> {
  caption: string;
  /// Whether the caption is for screen readers alone, since a heading says the same.
  hidden?: boolean;
  columns: Column<T>[];
  rows: T[];
  /// How many rows are shown before "Show more".
  most?: number;
}

/// A table in a frame that scrolls sideways on a small screen, by keyboard too.
export function table<T>(options: TableOptions<T>): HTMLElement {
  const { columns, caption } = options;
  const most = options.most ?? 50;
  let rows = options.rows;
  let shown = most;
  let by: { column: number; down: boolean } | undefined;
  const body = h("tbody");
  const more = h("p", { class: "more" });
  const heads = columns.map((column, at) => {
    const { sort } = column;
    const kind = column.numeric ? "number" : undefined;
    if (!sort) return h("th", { scope: "col", class: kind }, column.name);
    const order = () => {
      by = { column: at, down: by?.column === at ? !by.down : false };
      const sign = by.down ? -1 : 1;
      rows = [...options.rows].sort((one, other) => {
        const [a, b] = [sort(one), sort(other)];
        return (a < b ? -1 : a > b ? 1 : 0) * sign;
      });
      heads.forEach((head, place) => {
        if (place === at) head.setAttribute("aria-sort", by!.down ? "descending" : "ascending");
        else if (head.hasAttribute("aria-sort")) head.setAttribute("aria-sort", "none");
      });
      draw();
    };
    return h("th", { scope: "col", class: kind, "aria-sort": "none" }, h("button", { type: "button", class: "sort", onclick: order }, column.name));
  });
  const draw = () => {
    const line = (row: T) =>
      h("tr", {}, columns.map((column, at) => {
        const kind = column.numeric ? "number" : column.wide ? "roomy" : undefined;
        return at === 0 ? h("th", { scope: "row", class: kind }, column.cell(row)) : h("td", { class: kind }, column.cell(row));
      }));
    body.replaceChildren(...rows.slice(0, shown).map(line));
    const left = rows.length - shown;
    const next = () => {
      const first = shown;
      shown += most * 4;
      draw();
      const row = body.children[first]?.querySelector<HTMLElement>("a, button");
      row?.focus();
    };
    more.replaceChildren(
      ...(left > 0
        ? [`Showing ${grouped(shown)} of ${grouped(rows.length)}. `, h("button", { type: "button", class: "secondary", onclick: next }, "Show more")]
        : []),
    );
  };
  draw();
  const name = newId("table");
  return h("div", {},
    h("div", { class: "scroll", role: "region", tabindex: "0", "aria-labelledby": name },
      h("table", {}, h("caption", { id: name, class: options.hidden ? "unseen" : undefined }, caption), h("thead", {}, h("tr", {}, heads)), body)),
    more);
}

export const grouped = (number: number) => number.toLocaleString("en-GB");

/// Money as the engine writes it ("68800.00"), as people do.
export function pounds(text: string | null | undefined): string {
  if (text === null || text === undefined) return "not known";
  const [whole, part] = text.split(".");
  const sign = whole!.startsWith("-") ? "−" : "";
  const shown = grouped(Math.abs(Number(whole)));
  return `${sign}£${shown}${part && part !== "00" ? `.${part}` : ""}`;
}

const MONTHS = ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"];

/// A day as GOV.UK writes it: 30 September 2024.
export function day(iso: string | null | undefined): string {
  const parts = /^(\d{4})-(\d\d)-(\d\d)$/.exec(iso ?? "");
  return parts ? `${Number(parts[3])} ${MONTHS[Number(parts[2]) - 1]} ${parts[1]}` : (iso ?? "");
}

/// A month as "2024-04": April 2024, or short for a chart.
export function month(name: string, short = false): string {
  const [year, number] = name.split("-");
  const word = MONTHS[Number(number) - 1] ?? name;
  return short ? word.slice(0, 3) : `${word} ${year}`;
}

/// A share as the engine has it (0.803), in words that promise no more than it knows.
export function chance(share: number | null | undefined): string {
  if (share === null || share === undefined) return "not known";
  if (share < 0.01) return "less than 1%";
  if (share > 0.99) return "more than 99%";
  return `${Math.round(share * 100)}%`;
}

const STATUS: Record<string, [string, string]> = {
  claimable: ["Claimable", "✓"],
  claimed: ["Claimed", "●"],
  review: ["Needs an answer", "?"],
  waiting: ["Waiting", "◷"],
  low_attendance: ["Low attendance", "▼"],
  in_progress: ["In progress", "▷"],
  not_claimable: ["Not claimable", "✕"],
  not_eligible: ["Not eligible", "–"],
};

export const statusWord = (status: string) => STATUS[status]?.[0] ?? status.replaceAll("_", " ");

/// A status as word and shape, so that colour says nothing alone.
export function statusTag(status: string): HTMLElement {
  const shape = STATUS[status]?.[1] ?? "·";
  return h("span", { class: `tag tag-${status}` }, h("span", { "aria-hidden": "true" }, `${shape} `), statusWord(status));
}

/// A sentence of the engine that begins in small letters, with its ids as they are.
export const capital = (sentence: string) => sentence.charAt(0).toUpperCase() + sentence.slice(1);

export const inWords = (word: string) => {
  const text = word.replaceAll("_", " ");
  return text.charAt(0).toUpperCase() + text.slice(1);
};

/// Something opened and closed by a person.
export function details(summary: string, ...children: Child[]): HTMLElement {
  return h("details", {}, h("summary", {}, summary), h("div", { class: "inside" }, children));
}

/// A field with its label above it.
export function field(label: string, input: HTMLElement, hint?: string): HTMLElement {
  const id = input.id || newId("field");
  input.id = id;
  const hintId = hint ? newId("hint") : undefined;
  if (hintId) input.setAttribute("aria-describedby", hintId);
  return h("div", { class: "field" },
    h("label", { for: id }, label),
    hint ? h("span", { class: "hint", id: hintId }, hint) : undefined,
    input);
}

export function choice(options: [string, string][], value = "", props: Props = {}): HTMLSelectElement {
  const select = h("select", props, options.map(([key, words]) => h("option", { value: key }, words)));
  for (const option of select.options) if (option.value === value) option.selected = true;
  return select;
}

/// Sentences that ask for attention.
export function notice(...children: Child[]): HTMLElement {
  return h("div", { class: "notice" }, children);
}

/// What went wrong, as GOV.UK shows it.
export function problem(words: string, title = "There is a problem"): HTMLElement {
  const id = newId("problem");
  return h("div", { class: "problem", role: "alert", "aria-labelledby": id },
    h("h2", { id }, title),
    words.split("\n").filter((line) => line.trim() !== "").map((line) => h("p", {}, line)));
}

/// Mistakes in a form, each with the field to go to, as GOV.UK lists them.
export function mistakes(found: { words: string; at: HTMLElement }[]): HTMLElement {
  const id = newId("problem");
  const go = (at: HTMLElement) => (event: Event) => { event.preventDefault(); at.scrollIntoView({ block: "center" }); at.focus(); };
  return h("div", { class: "problem", role: "alert", "aria-labelledby": id, tabindex: "-1" },
    h("h2", { id }, "There is a problem"),
    h("ul", {}, found.map(({ words, at }) => h("li", {}, h("a", { href: location.hash || "#", onclick: go(at) }, words)))));
}

/// A sentence of the engine without what it says of commands to type, which a page has not.
export const withoutCommands = (sentence: string) => sentence.replace(/ [^.]*`[^`]*`[^.]*\.$/, "");
