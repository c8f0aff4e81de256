// The as-at date, asked for as GOV.UK asks for days: three fields, no calendar to click through.
import { h, newId } from "./dom";

export interface DateInput {
  element: HTMLElement;
  /// The day as 2024-09-30, or undefined where what stands there is no day.
  value: () => string | undefined;
  isBlank: () => boolean;
}

/// The day if it is one.
export function dayOf(year: string, month: string, date: string): string | undefined {
  const [y, m, d] = [year, month, date].map((part) => Number(part.trim()));
  if (![y, m, d].every((part) => Number.isInteger(part) && part! > 0) || y! < 1900 || y! > 2200) return undefined;
  const iso = `${y}-${String(m).padStart(2, "0")}-${String(d).padStart(2, "0")}`;
  const back = new Date(`${iso}T00:00:00Z`);
  return !Number.isNaN(back.getTime()) && back.toISOString().slice(0, 10) === iso ? iso : undefined;
}

export function dateInput(legend: string, hint: string, now: string): DateInput {
  const [year = "", month = "", date = ""] = now.split("-");
  const part = (name: string, value: string, width: string) => {
    const input = h("input", { type: "text", inputmode: "numeric", autocomplete: "off", class: width, id: newId("day"), value });
    return { input, element: h("div", { class: "part" }, h("label", { for: input.id }, name), input) };
  };
  const [d, m, y] = [part("Day", date.replace(/^0/, ""), "two"), part("Month", month.replace(/^0/, ""), "two"), part("Year", year, "four")];
  const hintId = newId("hint");
  const element = h("fieldset", { "aria-describedby": hintId, class: "date" },
    h("legend", {}, legend), h("span", { class: "hint", id: hintId }, hint),
    h("div", { class: "parts" }, d.element, m.element, y.element));
  return { element, value: () => dayOf(y.input.value, m.input.value, d.input.value), isBlank: () => [d, m, y].every(({ input }) => input.value.trim() === "") };
}
