// The settings of a folder: what `init` asks, as a form, and its proposal as text, to be read, changed and kept.
import type { Context } from "../context";
import { details, h, notice } from "../dom";
import { canSaveBack, download, saveBack } from "../save";
import { working } from "../working";
import { setup } from "./setup";

const PATH = "data/sfclaim.toml";

export function settings(context: Context): HTMLElement {
  const said = h("div", { "aria-live": "polite" });
  const found = h("div", {});
  const page = h("div", {},
    h("h1", { tabindex: "-1" }, "What each file is"),
    h("p", {}, "The settings say which file is which table and which heading is which column. They stand in one text file, ",
      h("code", {}, "sfclaim.toml"), ", in the folder."),
    said, found);
  const report = (out: string) =>
    h("section", {}, h("h2", {}, "What was found"), h("pre", { tabindex: "0", "aria-label": "What was found" },
      out.split("\nThen:\n")[0]!.replaceAll("proposal/sfclaim.toml", "the settings below").replace("Looked at data", `Looked at ${context.folder}`).trim()));
  const text = (settings: string): HTMLElement[] => {
    const box = h("textarea", { rows: 22, spellcheck: "false", id: "settings-text", class: "code" });
    box.value = settings;
    const keep = () =>
      working(context, said, "Reading the data with these settings", async () => {
        await context.engine.put([{ path: PATH, content: new TextEncoder().encode(box.value) }]);
        context.forget();
        context.unsaved.add("sfclaim.toml");
        // What it says of the data is seen in the next view; a mistake in the settings is said here, with its line.
        await context.engine.run(["validate", "data"]);
        context.go("data");
      });
    const save = async () => {
      if (!canSaveBack()) download("sfclaim.toml", box.value);
      else if (!(await saveBack("sfclaim.toml", box.value))) return;
      context.unsaved.delete("sfclaim.toml");
    };
    return [
      h("p", {}, "Lines that begin with # are remarks; what is left to decide is marked there. Take the # away from the line that is right."),
      h("div", { class: "field" }, h("label", { for: "settings-text" }, "sfclaim.toml"), box),
      h("p", { class: "buttons" },
        h("button", { type: "button", onclick: () => void keep() }, "Use these settings"),
        h("button", { type: "button", class: "secondary", id: "save-settings", onclick: () => void save() }, canSaveBack() ? "Save sfclaim.toml" : "Download sfclaim.toml")),
      notice("To keep the settings, save the file into the folder beside your tables. The page itself keeps nothing."),
    ];
  };
  /// The settings that there are, or that answers have made.
  const there = (settings: string, ...before: (HTMLElement | undefined)[]) =>
    found.replaceChildren(...before.filter((one) => one !== undefined), h("h2", {}, "The settings"), ...text(settings),
      h("p", {}, h("button", { type: "button", class: "secondary", id: "ask-again", onclick: () => void propose() }, "Answer the questions about the folder")));
  const made = async (settings: { text: string; report: string }) => {
    await context.engine.put([{ path: PATH, content: new TextEncoder().encode(settings.text) }]);
    context.forget();
    context.unsaved.add("sfclaim.toml");
    const panel = h("div", { class: "done", role: "status", tabindex: "-1" },
      h("h2", {}, "The settings are made"),
      h("p", {}, "The page uses them from now on. Save the file below into the folder: the page keeps nothing."),
      h("p", {}, h("a", { href: "#/data" }, "See what is wrong with the data")));
    there(settings.text, panel, report(settings.report));
    panel.focus();
  };
  const propose = () =>
    working(context, said, "Looking at the folder", async () => {
      await context.engine.folder("proposal");
      const ran = await context.engine.run(["init", "data", "--propose", "--force", "--out", "proposal/sfclaim.toml"]);
      const written = (await context.engine.read("proposal")).find(({ path }) => path === "sfclaim.toml");
      const proposed = details("Write the settings as text instead", report(ran.out), h("h2", {}, "The settings"), ...text(written ? new TextDecoder().decode(written.bytes) : ""));
      proposed.id = "as-text";
      const form = await setup(context, said, (what, of) => working(context, said, what, of), made);
      found.replaceChildren(form, proposed);
    });
  void (async () => {
    const settings = await context.engine.text(PATH);
    if (settings !== undefined) there(settings);
    else await propose();
  })();
  return page;
}
