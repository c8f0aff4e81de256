// What every view is given: the engine, the folder, the as-at date, and what was asked of them already.
import type { Engine } from "./engine";

export const SAMPLE_DAY = "2024-09-30";

export class Context {
  /// The name of the folder, or blank while there is none.
  folder = "";
  isSample = false;
  /// The as-at date, or blank while it has not been said.
  asAt = "";
  /// The files that were changed on this visit and are not saved to disk yet.
  readonly unsaved = new Set<string>();
  private asked = new Map<string, Promise<unknown>>();

  constructor(readonly engine: Engine, readonly go: (place: string) => void, readonly changed: () => void) {}

  /// Asks once for what follows from the folder and the day; asked again, the same is given at once.
  once<T>(what: string, ask: () => Promise<T>): Promise<T> {
    const key = `${this.asAt} ${what}`;
    let known = this.asked.get(key) as Promise<T> | undefined;
    if (!known) {
      known = ask();
      this.asked.set(key, known);
      known.catch(() => this.asked.delete(key));
    }
    return known;
  }

  /// A command's data at the as-at date.
  data<T>(command: string, ...more: string[]): Promise<T> {
    return this.once([command, ...more].join(" "), () =>
      this.engine.data<T>([command, "data", "--as-at", this.asAt, ...more]));
  }

  /// What was asked before was of other files, or of another day. The outputs go too, since they say the same.
  forget() {
    this.asked.clear();
    void this.engine.take("outputs").catch(() => {});
  }
}
