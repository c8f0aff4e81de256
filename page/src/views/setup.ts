// The questions of `init`, as one form: what each file is, which heading is which column, what words stand for.
import type { Context } from "../context";
import { choice, grouped, h, mistakes, newId, notice, table } from "../dom";
import { Told } from "../engine";

interface Seen { words: string; values: string[] }
interface Question { about: string; question: string; found: Seen[]; choices: Seen[]; proposed: number | null; answered: number | null }

const ANSWERS = "proposal/answers.txt";
/// More choices than these are a list to open, in place of buttons.
const MOST_BUTTONS = 8;
const MOST_ROUNDS = 200;

const values = (seen: Seen) => seen.values.join(" | ");

/// What a question is known by from one round to the next; asked twice, the second time is another question.
function keys(questions: Question[]): string[] {
  const times = new Map<string, number>();
  return questions.map((one) => {
    const key = JSON.stringify([one.about, one.question, one.choices.map(({ words }) => words)]);
    times.set(key, (times.get(key) ?? 0) + 1);
    return `${times.get(key)} ${key}`;
  });
}

/// A line that the engine reads as this choice: its number, or its words where another choice is called by that number.
function line(one: Question, at: number): string {
  const number = String(at + 1);
  return one.choices.some(({ words }, other) => other !== at && words.trim() === number) ? one.choices[at]!.words : number;
}

/// What a person has chosen, and the questions that follow from it. The engine asks; an answer can lead to other questions, so it
/// is asked until the answers are those of its questions.
class Interview {
  readonly chosen = new Map<string, number>();

  constructor(private readonly context: Context) {}

  async questions(): Promise<Question[]> {
    let [known, known_keys]: [Question[], string[]] = [[], []];
    for (let round = 0; round < MOST_ROUNDS; round++) {
      const first = known_keys.findIndex((key) => !this.chosen.has(key));
      const given = known.slice(0, first < 0 ? known.length : first);
      const lines = given.map((one, at) => line(one, this.chosen.get(known_keys[at]!)!));
      await this.context.engine.put([{ path: ANSWERS, content: new TextEncoder().encode(`${lines.join("\n")}\n`) }]);
      const { questions } = await this.context.engine.data<{ questions: Question[] }>(["init", "data", "--answers", ANSWERS]);
      const now = keys(questions);
      const fits = given.every((_, at) => now[at] === known_keys[at] && questions[at]!.answered === this.chosen.get(now[at]!));
      const next = now[given.length];
      if (fits && (next === undefined || !this.chosen.has(next))) return questions;
      [known, known_keys] = [questions, now];
    }
    throw new Told("The questions cannot be asked here. Write the settings as text, below.");
  }

  /// The settings that follow, with what the engine says of them.
  async settings(): Promise<{ text: string; report: string }> {
    const ran = await this.context.engine.run(["init", "data", "--answers", ANSWERS, "--force", "--out", "proposal/sfclaim.toml"]);
    const files = await this.context.engine.read("proposal");
    const written = files.find(({ path }) => path === "sfclaim.toml");
    return { text: written ? new TextDecoder().decode(written.bytes) : "", report: ran.out };
  }
}

interface Asked { key: string; element: HTMLElement; first: HTMLElement; value: () => number | undefined; wrong: (words: string) => void; words: string }

function asked(one: Question, key: string, chosen: number | undefined): Asked {
  const now = chosen ?? one.proposed ?? undefined;
  const proposed = (at: number) => (at === one.proposed ? " (proposed)" : "");
  const mistake = h("p", { class: "mistake", id: newId("mistake"), hidden: true });
  const wrong = (words: string) => {
    mistake.hidden = words === "";
    mistake.replaceChildren(...(words === "" ? [] : [h("span", { class: "unseen" }, "Error: "), words]));
    element.classList.toggle("is-wrong", words !== "");
  };
  const found = one.found.length === 0 ? undefined
    : one.found.every(({ values }) => values.length === 0)
      ? one.found.map(({ words }) => h("p", { class: "hint" }, words))
      : table({
          caption: `What was found in ${one.about}: ${one.question}`, hidden: true, most: 60,
          columns: [{ name: "What was found", cell: (seen: Seen) => seen.words }, { name: "Values", cell: values }],
          rows: one.found,
        });
  let element: HTMLElement;
  if (one.choices.length > MOST_BUTTONS) {
    const select = choice(
      [...(now === undefined ? [["", "Choose an answer"] as [string, string]] : []), ...one.choices.map((seen, at): [string, string] => [String(at), `${seen.words}${proposed(at)}${seen.values.length > 0 ? `: ${values(seen)}` : ""}`])],
      now === undefined ? "" : String(now), { id: newId("choice"), "aria-describedby": mistake.id });
    element = h("div", { class: "field asked" }, h("label", { for: select.id }, one.question), found, mistake, select);
    return { key, element, first: select, wrong, words: one.question, value: () => (select.value === "" ? undefined : Number(select.value)) };
  }
  const name = newId("choice");
  const radios = one.choices.map((seen, at) => {
    const input = h("input", { type: "radio", name, id: newId("radio"), value: at });
    input.checked = at === now;
    const hint = seen.values.length > 0 ? h("span", { class: "hint", id: newId("hint") }, values(seen)) : undefined;
    if (hint) input.setAttribute("aria-describedby", hint.id);
    return { input, element: h("div", { class: "check" }, input, h("div", {}, h("label", { for: input.id }, `${seen.words}${proposed(at)}`), hint)) };
  });
  element = h("fieldset", { class: "asked", "aria-describedby": mistake.id },
    h("legend", {}, one.question), found, mistake, radios.map(({ element }) => element));
  const checked = () => radios.findIndex(({ input }) => input.checked);
  return { key, element, first: radios[0]!.input, wrong, words: one.question, value: () => (checked() < 0 ? undefined : checked()) };
}

/// The form. `work` does something long and says so; `done` is given the settings when nothing is left to ask.
export async function setup(
  context: Context,
  said: HTMLElement,
  work: (what: string, of: () => Promise<void>) => Promise<boolean>,
  done: (settings: { text: string; report: string }) => Promise<void>,
): Promise<HTMLElement> {
  await context.engine.folder("proposal");
  const interview = new Interview(context);
  const place = h("div", {});
  const draw = (questions: Question[], more: boolean) => {
    // What follows, in a file, from a question without an answer and without a proposal is asked when it has one.
    const open = (one: Question) => one.about !== "" && one.answered === null && one.proposed === null;
    const known = keys(questions).map((key, at) => ({ key, one: questions[at]! }));
    const shown = known.filter(({ one }, at) => !known.some(({ one: before }, earlier) => earlier < at && before.about === one.about && open(before)));
    const fields = shown.map(({ one, key }) => asked(one, key, interview.chosen.get(key)));
    const parts: HTMLElement[] = [];
    shown.forEach(({ one }, at) => {
      if (one.about !== "" && one.about !== shown[at - 1]?.one.about) parts.push(h("h3", {}, one.about));
      parts.push(fields[at]!.element);
    });
    const news = fields.filter(({ key }) => !interview.chosen.has(key));
    const submit = async (event: Event) => {
      event.preventDefault();
      const open = fields.filter((one) => one.value() === undefined);
      for (const one of fields) one.wrong(open.includes(one) ? "Choose an answer" : "");
      if (open.length > 0) {
        const summary = mistakes(open.map((one) => ({ words: `Choose an answer: ${one.words}`, at: one.first })));
        said.replaceChildren(summary);
        summary.scrollIntoView();
        summary.focus();
        return;
      }
      for (const one of fields) interview.chosen.set(one.key, one.value()!);
      let left = 0;
      const went = await work("Looking at the folder with your answers", async () => {
        const next = await interview.questions();
        left = keys(next).filter((key) => !interview.chosen.has(key)).length;
        if (left > 0) draw(next, true);
        else await done(await interview.settings());
      });
      if (went && left > 0) place.querySelector<HTMLElement>("h2")?.focus();
    };
    place.replaceChildren(
      h("h2", { tabindex: "-1" }, more ? `Your answers lead to ${grouped(news.length)} more ${news.length === 1 ? "question" : "questions"}` : `${grouped(shown.length)} ${shown.length === 1 ? "question" : "questions"} about your files`),
      more ? notice(h("p", {}, "They stand among the others:"), h("ul", {}, news.map((one) => h("li", {}, h("button", { type: "button", class: "link", onclick: () => { one.first.scrollIntoView({ block: "center" }); one.first.focus(); } }, one.words))))) :
        h("p", {}, "What is proposed is chosen already: change what is not right. The values beside a heading are from your files, so that you can see what is in the column. They are shown here and kept nowhere; a word that you say the meaning of is written into the settings with it."),
      h("form", { id: "setup", novalidate: true, onsubmit: submit }, parts,
        h("p", { class: "buttons" }, h("button", { type: "submit", id: "use-setup" }, "Use these answers"))));
  };
  draw(await interview.questions(), false);
  return place;
}
