// Long work: what is being done, how far it is, and a button that stops it.
import type { Context } from "./context";
import { Stopped, Told } from "./engine";
import { h, problem } from "./dom";

const size = (bytes: number) => (bytes < 1 << 20 ? `${Math.ceil(bytes / 1024)} KB` : `${Math.round(bytes / (1 << 20))} MB`);

/// Does something and says so in `place`. What it throws is shown there as a sentence. Whether it came to its end.
export async function working(context: Context, place: HTMLElement, what: string, work: () => Promise<void>): Promise<boolean> {
  const line = h("p", { class: "reading" }, "");
  const bar = h("progress", { "aria-label": what });
  const panel = h("div", { class: "working", role: "status" },
    h("p", { class: "what" }, `${what}…`), bar, line,
    h("button", { type: "button", class: "secondary", onclick: () => { context.forget(); context.engine.stop(); } }, "Stop"));
  place.replaceChildren(panel);
  context.engine.reading = (name, at, of) => {
    bar.max = of;
    bar.value = at;
    line.textContent = `Reading ${name}: ${size(at)} of ${size(of)}`;
  };
  try {
    await work();
    if (panel.isConnected) place.replaceChildren();
    return true;
  } catch (why) {
    const again = why instanceof Stopped ? "It was stopped. Nothing was changed." : why instanceof Told ? why.message : `The page made a mistake: ${String(why)}`;
    place.replaceChildren(problem(again, why instanceof Stopped ? "Stopped" : "There is a problem"));
    if (!(why instanceof Stopped || why instanceof Told)) console.error(why);
    return false;
  }
}
