// The settings of a folder: what `init` proposes, to be read, changed and kept.
import type { Context } from "../context";
import { h, notice } from "../dom";
import { canSaveBack, saveBack, download } from "../save";
import { working } from "../working";

const PATH = "data/sfclaim.toml";

export function settings(context: Context): HTMLElement {
  const said = h("div", { "aria-live": "polite" });
  const found = h("div", {});
  const page = h("div", {},
    h("h1", { tabindex: "-1" }, "What each file is"),
    h("p", {}, "The settings say which file is which table and which heading is which column. They stand in one text file, ",
      h("code", {}, "sfclaim.toml"), ", in the folder."),
    said, found);
  const edit = (text: string, report: string) => {
    const box = h("textarea", { rows: 22, spellcheck: "false", id: "settings-text", class: "code" });
    box.value = text;
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
    found.replaceChildren(
      report === "" ? "" : h("section", {}, h("h2", {}, "What was found"), h("pre", { tabindex: "0", "aria-label": "What was found" }, report.trim())),
      h("h2", {}, "The settings"),
      h("p", {}, "Lines that begin with # are remarks; what is left to decide is marked there. Take the # away from the line that is right."),
      h("div", { class: "field" }, h("label", { for: "settings-text" }, "sfclaim.toml"), box),
      h("p", { class: "buttons" },
        h("button", { type: "button", onclick: () => void keep() }, "Use these settings"),
        h("button", { type: "button", class: "secondary", onclick: () => void save() }, canSaveBack() ? "Save sfclaim.toml" : "Download sfclaim.toml"),
        h("button", { type: "button", class: "secondary", onclick: () => void propose() }, "Look at the folder again")),
      notice("To keep the settings, save the file into the folder beside your tables. The page itself keeps nothing."));
  };
  const propose = () =>
    working(context, said, "Looking at the folder", async () => {
      await context.engine.folder("proposal");
      const ran = await context.engine.run(["init", "data", "--propose", "--force", "--out", "proposal/sfclaim.toml"]);
      const [written] = await context.engine.read("proposal");
      edit(written ? new TextDecoder().decode(written.bytes) : "", ran.out.split("\nThen:\n")[0]!.replaceAll("proposal/sfclaim.toml", "the settings below").replace("Looked at data", `Looked at ${context.folder}`));
    });
  void (async () => {
    const there = await context.engine.text(PATH);
    if (there !== undefined) edit(there, "");
    else await propose();
  })();
  return page;
}
