// A table with fields above it that narrow it down: what the views of lists have in common.
import { choice, field, grouped, h, newId, table, type Column } from "./dom";

export interface Filter<T> {
  name: string;
  of: (row: T) => string | null;
  /// How a value is said.
  words?: (value: string) => string;
  /// What is said where a row has none.
  none?: string;
}

export interface Narrowed<T> {
  caption: string;
  rows: T[];
  columns: Column<T>[];
  filters: Filter<T>[];
  /// What is looked for by what is typed.
  search?: { name: string; of: (row: T) => (string | null)[] };
  /// What the rows are, one and several.
  what: [string, string];
}

const NONE = "—";

export function narrowed<T>(of: Narrowed<T>): HTMLElement {
  const { rows, filters, search } = of;
  const selects = filters.map(({ of: value, words = (one) => one, none = "None named" }) => {
    const counts = new Map<string, number>();
    for (const row of rows) counts.set(value(row) || NONE, (counts.get(value(row) || NONE) ?? 0) + 1);
    const named = [...counts].sort(([a], [b]) => a.localeCompare(b, "en-GB"));
    return choice([["", "All"], ...named.map(([one, count]): [string, string] => [one, `${one === NONE ? none : words(one)} (${grouped(count)})`])], "", { id: newId("filter") });
  });
  const typed = h("input", { type: "search", autocomplete: "off", id: newId("filter") });
  const list = h("div", {});
  const sum = h("p", { role: "status", class: "sum" });
  const show = () => {
    const wanted = typed.value.trim().toLowerCase();
    const left = rows.filter((row) =>
      filters.every((filter, at) => selects[at]!.value === "" || selects[at]!.value === (filter.of(row) || NONE)) &&
      (wanted === "" || !search || search.of(row).some((value) => value?.toLowerCase().includes(wanted))));
    sum.replaceChildren(h("strong", {}, `${grouped(left.length)} of ${grouped(rows.length)}`), ` ${rows.length === 1 ? of.what[0] : of.what[1]}`);
    list.replaceChildren(table({ caption: of.caption, hidden: true, columns: of.columns, rows: left }));
  };
  for (const select of selects) select.addEventListener("change", show);
  typed.addEventListener("input", show);
  show();
  const clear = () => {
    for (const input of [...selects, typed]) input.value = "";
    show();
  };
  if (rows.length === 0) return h("p", {}, `There are no ${of.what[1]}.`);
  return h("div", {},
    h("div", { class: "filters" },
      filters.map((filter, at) => field(filter.name, selects[at]!)),
      search ? field(search.name, typed) : undefined,
      h("p", {}, h("button", { type: "button", class: "secondary", onclick: clear }, "Clear filters"))),
    sum, list);
}
