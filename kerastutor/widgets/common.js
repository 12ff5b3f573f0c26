// What the widgets share: life in a notebook, controls, the theme's colours, and what drawing.js has. No module is
// fetched: base.py puts these texts before each widget's own. Names here are the widgets' names too.
export * from "./drawing.js";
import { onFrame } from "./drawing.js";

// ---- a widget's life ---------------------------------------------------------------------------

// { start(model, send) -> shared, message(shared, content, buffers), view({model, root, shared, send, dispose}) -> update }
export function widget({ start = () => ({}), message = () => {}, view }) {
  return () => {
    let shared, model, alive = true;
    const views = new Set();
    const send = (name, values = {}) => alive && model.send({ do: name, values });
    const ask = () => views.forEach((one) => one.ask());
    return {
      initialize(given) {
        model = given.model;
        shared = start(model, send) ?? {};
        model.on("msg:custom", (content, buffers) => (message(shared, content, buffers), ask()));
        model.on("change", ask);
        return () => { alive = false; };
      },
      render({ el }) {
        const one = new View(model, el, views);
        views.add(one);
        try {
          one.update = view({ model, shared, send, root: one.body, dispose: (f) => one.last.push(f) });
        } catch (error) {
          one.say(`The widget cannot be drawn: ${error.message}`);
          throw error;
        }
        one.ask();
        one.mounted().then((keeps) => alive && model.send({ do: "hello", keeps }));
        return () => one.released();
      },
    };
  };
}

// JupyterLab replaces a view by the picture that is kept in the notebook. The view's node outlives that: it moves into
// the new output and hides the picture, so that the notebook holds a picture and the page a live widget.
class View {
  constructor(model, el, views) {
    Object.assign(this, { model, views, last: [], scrolled: new Map() });
    this.root = make("div", { className: "kerastutor" });
    // JupyterLab would take arrows and Enter from whatever has the focus, unless that very element says no.
    this.root.addEventListener("focusin", (event) => {
      event.target.setAttribute("data-lm-suppress-shortcuts", "true");
      this.focused = event.target;
    });
    this.root.addEventListener("focusout", () => setTimeout(() => {
      if (this.root.isConnected && !this.root.contains(document.activeElement)) this.focused = undefined;
    }, 0));
    this.root.addEventListener("keydown", (event) => this.passOn(event));
    const note = ({ target }) => this.root.isConnected && this.scrolled.set(target, [target.scrollLeft, target.scrollTop]);
    this.root.addEventListener("scroll", note, { capture: true }); // for adopt
    this.body = make("div", { className: "kt-body" });
    this.problem = make("div", { className: "kt-problem", role: "alert" });
    this.spoken = make("div", { className: "kt-spoken", role: "status" });
    this.root.append(this.body, this.problem, this.spoken);
    this.last.push(onTheme(() => this.ask()));
    el.append(this.root);
  }

  ask() {
    onFrame(this.bringUpToDate);
  }

  bringUpToDate = () => {
    this.say(this.model.get("problem"));
    const said = this.model.get("said");
    if (this.spoken.textContent !== said) this.spoken.textContent = said;
    this.update?.();
  };

  say(text) {
    if (this.problem.textContent !== text) this.problem.textContent = text;
  }

  // Saving is still JupyterLab's.
  passOn(event) {
    if (!(event.ctrlKey || event.metaKey) || event.key !== "s") return;
    event.preventDefault();
    this.root.parentElement.dispatchEvent(new KeyboardEvent("keydown", event));
  }

  // Resolves once the node stands in the page: to true where it can survive its output's replacement.
  async mounted() {
    while (!this.root.isConnected) await new Promise((later) => setTimeout(later, 30));
    this.remember();
    return Boolean(this.area);
  }

  remember() {
    this.child = this.root.closest(".jp-OutputArea-child");
    this.area = this.child?.parentElement;
    if (!this.area) return;
    this.index = [...this.area.children].indexOf(this.child);
    this.watch?.disconnect();
    this.watch = new MutationObserver(() => this.settle());
    this.watch.observe(this.area, { childList: true });
  }

  settle() {
    if (this.child.isConnected || !this.area.isConnected) return; // nothing lost, or a cell scrolled out of sight
    const child = this.area.children[this.index];
    const picture = child?.querySelector(".jp-RenderedImage");
    if (picture && !child.classList.contains("kt-live")) this.adopt(child);
    else if (!child || !picture) this.close(); // the cell was cleared, or ran again
  }

  adopt(child) {
    child.classList.add("kt-live");
    child.append(this.root);
    for (const [node, [left, top]] of this.scrolled) {
      if (this.root.contains(node)) node.scrollTo(left, top); // moving lost this
      else this.scrolled.delete(node);
    }
    if (document.activeElement === document.body) this.focused?.focus({ preventScroll: true }); // and that
    this.child = child;
    this.ask();
  }

  // The output that held the view is gone; a picture may come into its place.
  released() {
    if (!this.area) return this.close();
    setTimeout(() => this.root.isConnected || this.settle(), 0);
  }

  close() {
    this.watch?.disconnect();
    this.views.delete(this);
    onFrame.cancel(this.bringUpToDate);
    this.last.splice(0).forEach((f) => f());
    this.root.remove();
  }
}

// ---- elements and controls ---------------------------------------------------------------------

let numbered = 0;

export function make(tag, { className = "", text, ...attributes } = {}, ...children) {
  const node = document.createElement(tag);
  node.className = className;
  if (text !== undefined) node.textContent = text;
  for (const [name, value] of Object.entries(attributes)) if (value !== undefined) node.setAttribute(name, value);
  node.append(...children);
  return node;
}

export const row = (...children) => make("div", { className: "kt-row" }, ...children);
export const column = (...children) => make("div", { className: "kt-column" }, ...children);

// label: what a screen reader says, where the text is a sign. press(node) is called by mouse, Enter and Space.
export function button({ text, label, title, press }) {
  const node = make("button", { className: "kt-button", text, type: "button", "aria-label": label, title: title ?? label });
  node.addEventListener("click", () => node.getAttribute("aria-disabled") !== "true" && press(node));
  return node;
}

// A button that can't be pressed now keeps the keyboard's focus.
export function enable(node, on) {
  node.setAttribute("aria-disabled", String(!on));
}

// A labelled range. log: the slider moves in powers of ten. change(value) is called while it moves, `every` ms at most.
// .set(value) moves it without a call.
export function slider({ label, min, max, step, value, log = false, format = String, change, every = 100 }) {
  const to = (v) => (log ? Math.log10(v) : v), from = (v) => (log ? 10 ** v : v);
  const id = `kt-${++numbered}`;
  const input = make("input", { type: "range", id, min: to(min), max: to(max), step: step ?? (log ? 0.01 : "any") });
  const output = make("output", { for: id, className: "kt-value" });
  const node = make("div", { className: "kt-control" }, make("label", { for: id, text: label }), input, output);
  const show = () => {
    output.textContent = format(from(Number(input.value)));
    input.setAttribute("aria-valuetext", output.textContent);
  };
  let touched = -Infinity; // while a hand is on it, the kernel's echo does not move it
  node.input = input;
  node.set = (v) => {
    if (input.matches(":active") || performance.now() - touched < 600) return;
    input.value = to(v);
    show();
  };
  const told = throttle((v) => change(v), every);
  input.addEventListener("input", () => {
    touched = performance.now();
    show();
    told(from(Number(input.value)));
  });
  node.set(value);
  return node;
}

// A labelled choice. options: names, or [value, text] pairs.
export function select({ label, options, value, change }) {
  const id = `kt-${++numbered}`;
  const input = make("select", { id });
  for (const option of options) {
    const [v, text] = Array.isArray(option) ? option : [option, option];
    input.append(make("option", { value: v, text }));
  }
  input.value = value;
  input.addEventListener("change", () => change(input.value));
  const node = make("div", { className: "kt-control" }, make("label", { for: id, text: label }), input);
  node.input = input;
  node.set = (v) => { input.value = v; };
  return node;
}

// A labelled number field; change(value) only for a number between min and max.
export function number({ label, min, max, step = "any", value, change }) {
  const id = `kt-${++numbered}`;
  const input = make("input", { type: "number", id, min, max, step, value });
  input.addEventListener("change", () => input.reportValidity() && input.value !== "" && change(Number(input.value)));
  const node = make("div", { className: "kt-control" }, make("label", { for: id, text: label }), input);
  node.input = input;
  node.set = (v) => { if (document.activeElement !== input) input.value = v; };
  return node;
}

export function checkbox({ label, value, change }) {
  const id = `kt-${++numbered}`;
  const input = make("input", { type: "checkbox", id });
  input.checked = value;
  input.addEventListener("change", () => change(input.checked));
  const node = make("div", { className: "kt-control" }, input, make("label", { for: id, text: label }));
  node.input = input;
  node.set = (v) => { input.checked = v; };
  return node;
}

// Call f at once, then at most every `ms`, and with the last value in the end.
export function throttle(f, ms = 100) {
  let timer, last;
  return (...values) => {
    last = values;
    if (timer) return;
    const run = () => {
      if (!last) return void (timer = undefined);
      const now = last;
      last = undefined;
      timer = setTimeout(run, ms);
      f(...now);
    };
    run();
  };
}

// ---- looks ---------------------------------------------------------------------------------------

// Colours of the page's theme, read anew for each drawing; `style` is the widgets' CANVAS from style.py.
export function looks(node, style) {
  const css = getComputedStyle(node);
  const colour = (name, otherwise) => css.getPropertyValue(name).trim() || otherwise;
  const dark = document.body.dataset.jpThemeLight === "false";
  const pick = (name) => style[name][dark ? 1 : 0];
  return {
    ...style,
    dark,
    training: pick("training"),
    validation: pick("validation"),
    series: pick("series"), // colours for any number of lines, told apart by any kind of eye
    page: colour("--jp-layout-color0", dark ? "#111" : "#fff"),
    text: colour("--jp-ui-font-color1", dark ? "#eee" : "#333"),
    faint: colour("--jp-ui-font-color2", dark ? "#bbb" : "#777"),
    grid: colour("--jp-border-color2", dark ? "#555" : "#ddd"),
    font: `${style.fontSize}px ${colour("--jp-ui-font-family", "sans-serif")}`,
  };
}

// Call f after the theme has changed; returns what ends it.
export function onTheme(f) {
  const themed = new MutationObserver(() => setTimeout(f, 50)); // the new style sheet needs a moment
  themed.observe(document.body, { attributes: true, attributeFilter: ["data-jp-theme-name", "data-jp-theme-light"] });
  return () => themed.disconnect();
}
