// The verdict on an exercise: its parts, the first failure, the points; buttons to check again and for a hint.
import { widget, make, row, column, button } from "./common.js";

const WORDS = { asked: "asked", expected: "expected", got: "got", cause: "likely cause" };

export default widget({
  view({ model, root, send }) {
    const title = make("strong"), parts = column(), failure = column(), result = make("span", { className: "kt-status" });
    const hint = make("div", { className: "kt-faint" });
    const buttons = row(
      button({ text: "Check", press: () => send("check") }),
      button({ text: "Hint", press: () => send("hint") }),
      result,
    );
    root.append(title, parts, failure, buttons, hint);
    return () => {
      const told = model.get("verdict");
      title.textContent = told.title;
      parts.replaceChildren(...told.parts.map((part) => make("div", {
        text: `${part.passed ? "✓" : "✗"} ${part.title} (${part.points} points${part.passed ? "" : ", not yet"})`,
      })));
      failure.replaceChildren(...told.failure.map(([word, text]) => make("div", {
        className: word === "cause" ? "" : "kt-formula", text: `${WORDS[word]}: ${text}`,
      })));
      result.textContent = told.result;
      hint.textContent = model.get("opened");
    };
  },
});
