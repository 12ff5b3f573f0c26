// What the widgets share: life in a notebook, controls, a canvas, axes, lines, heat maps. No module is fetched: base.py
// puts this text before each widget's own. Names here are the widgets' names too.

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
    Object.assign(this, { model, views, last: [] });
    this.root = make("div", { className: "kerastutor" });
    // JupyterLab would take arrows and Enter from whatever has the focus, unless that very element says no.
    this.root.addEventListener("focusin", (event) => event.target.setAttribute("data-lm-suppress-shortcuts", "true"));
    this.root.addEventListener("keydown", (event) => this.passOn(event));
    this.body = make("div", { className: "kt-body" });
    this.problem = make("div", { className: "kt-problem", role: "alert" });
    this.spoken = make("div", { className: "kt-spoken", role: "status" });
    this.root.append(this.body, this.problem, this.spoken);
    this.last.push(onTheme(() => this.ask()));
    el.append(this.root);
  }

  ask() {
    this.frame ??= requestAnimationFrame(() => {
      this.frame = undefined;
      this.say(this.model.get("problem"));
      const said = this.model.get("said");
      if (this.spoken.textContent !== said) this.spoken.textContent = said;
      this.update?.();
    });
  }

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
    cancelAnimationFrame(this.frame);
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

const channels = (hex) => [1, 3, 5].map((i) => parseInt(hex.slice(i, i + 2), 16));

// A colour map: 256 RGB triples between the given "#rrggbb" stops.
export function ramp(stops) {
  const known = stops.map(channels), table = new Uint8ClampedArray(256 * 3);
  for (let i = 0; i < 256; i++) {
    const at = (i / 255) * (known.length - 1), low = Math.min(Math.floor(at), known.length - 2);
    for (let c = 0; c < 3; c++) table[3 * i + c] = known[low][c] + (at - low) * (known[low + 1][c] - known[low][c]);
  }
  return table;
}

// ---- canvas --------------------------------------------------------------------------------------

// A canvas as wide as its parent, sharp on dense screens, drawn once a frame at most.
// height: pixels, or f(width). draw(pen, { width, height, look }). label(): what a screen reader hears.
export function canvas(parent, { style, height, draw, label = () => "", className = "" }) {
  const node = make("canvas", { className: `kt-canvas ${className}`, role: "img" });
  parent.append(node);
  let frame;
  const paint = () => {
    frame = undefined;
    const width = node.clientWidth;
    if (!width) return;
    const tall = typeof height === "function" ? height(width) : height;
    const scale = window.devicePixelRatio || 1;
    const [w, h] = [Math.round(width * scale), Math.round(tall * scale)];
    if (node.width !== w || node.height !== h) {
      node.width = w;
      node.height = h;
      node.style.height = `${tall}px`;
    }
    const pen = node.getContext("2d");
    pen.setTransform(scale, 0, 0, scale, 0, 0);
    pen.clearRect(0, 0, width, tall);
    draw(pen, { width, height: tall, look: looks(node, style) });
    const text = label();
    if (node.getAttribute("aria-label") !== text) node.setAttribute("aria-label", text);
  };
  const ask = () => { frame ??= requestAnimationFrame(paint); };
  const resized = new ResizeObserver(ask);
  resized.observe(parent);
  const unthemed = onTheme(ask);
  const close = () => (resized.disconnect(), unthemed(), cancelAnimationFrame(frame));
  ask();
  return { node, ask, close };
}

// The pointer's place over a canvas in CSS pixels, or null when it leaves.
export function hover(node, f) {
  const at = (event) => {
    const box = node.getBoundingClientRect();
    return [event.clientX - box.left, event.clientY - box.top];
  };
  node.addEventListener("pointermove", (event) => f(at(event), event));
  node.addEventListener("pointerleave", (event) => f(null, event));
  return at;
}

// Drag on a canvas by mouse, pen or finger: begin(at) -> false declines; move(at); end(at).
export function drag(node, { begin = () => true, move = () => {}, end = () => {} }) {
  let down = false;
  const at = (event) => {
    const box = node.getBoundingClientRect();
    return [event.clientX - box.left, event.clientY - box.top];
  };
  node.style.touchAction = "none";
  node.addEventListener("pointerdown", (event) => {
    if (event.button !== 0 || begin(at(event), event) === false) return;
    down = true;
    node.setPointerCapture(event.pointerId);
    event.preventDefault();
  });
  node.addEventListener("pointermove", (event) => down && move(at(event), event));
  const stop = (event) => {
    if (down) end(at(event), event);
    down = false;
  };
  node.addEventListener("pointerup", stop);
  node.addEventListener("pointercancel", stop);
}

// ---- axes and marks ------------------------------------------------------------------------------

// Axes in `box` {left, top, width, height} for values x [low, high] and y [low, high]. Returns the frame: x(v), y(v) to
// pixels, atX(px), atY(px) back, and its edges. exact: y ends where said, else at round numbers.
export function axes(pen, look, box, { x, y, title = "", xlabel = "", exact = false, whole = false, grid = true }) {
  const frame = {
    left: box.left + 52, right: box.left + box.width - 16,
    top: box.top + (title ? 30 : 10), bottom: box.top + box.height - (xlabel ? 40 : 22),
  };
  const ticks = steps(y[0], y[1], 4);
  const low = exact ? y[0] : ticks[0], high = exact ? y[1] : ticks[ticks.length - 1];
  const [across, tall] = [frame.right - frame.left, frame.bottom - frame.top];
  frame.x = (v) => frame.left + ((v - x[0]) / (x[1] - x[0])) * across;
  frame.y = (v) => frame.bottom - ((v - low) / (high - low)) * tall;
  frame.atX = (px) => x[0] + ((px - frame.left) / across) * (x[1] - x[0]);
  frame.atY = (px) => low + ((frame.bottom - px) / tall) * (high - low);
  frame.holds = ([px, py]) => px >= frame.left && px <= frame.right && py >= frame.top && py <= frame.bottom;
  pen.textBaseline = "middle";
  pen.fillStyle = look.text;
  pen.font = `600 ${look.font}`;
  pen.textAlign = "left";
  if (title) pen.fillText(title, frame.left, box.top + 14);
  Object.assign(pen, { font: look.font, fillStyle: look.faint, strokeStyle: look.grid, lineWidth: 1, textAlign: "right" });
  for (const tick of ticks.filter((v) => v >= low - 1e-12 && v <= high + 1e-12)) {
    if (grid) rule(pen, frame.left, frame.y(tick), frame.right, frame.y(tick));
    pen.fillText(shorten(tick, ticks), frame.left - 6, frame.y(tick));
  }
  pen.textAlign = "center";
  const along = steps(x[0], x[1], Math.max(2, Math.min(6, Math.floor(across / 55))), whole ? 1 : 0);
  for (const tick of along.filter((v) => v >= x[0] - 1e-9 && v <= x[1] + 1e-9)) {
    pen.fillText(shorten(tick, along), frame.x(tick), frame.bottom + 13);
  }
  if (xlabel) pen.fillText(xlabel, (frame.left + frame.right) / 2, frame.bottom + 30);
  return frame;
}

// Draw inside a frame only.
export function within(pen, frame, f) {
  pen.save();
  pen.beginPath();
  pen.rect(frame.left, frame.top - 1, frame.right - frame.left, frame.bottom - frame.top + 2);
  pen.clip();
  f();
  pen.restore();
}

export function rule(pen, x0, y0, x1, y1) {
  pen.beginPath();
  pen.moveTo(Math.round(x0) + 0.5, Math.round(y0) + 0.5);
  pen.lineTo(Math.round(x1) + 0.5, Math.round(y1) + 0.5);
  pen.stroke();
}

// points: [x, y] pairs, a null y is a gap. saw: begin anew with each whole x, as Keras's running mean does.
export function line(pen, points, { x, y }, { colour, width = 2, alpha = 1, dash = [], saw = false }) {
  pen.save();
  Object.assign(pen, { strokeStyle: colour, lineWidth: width, globalAlpha: alpha, lineJoin: "round" });
  pen.setLineDash(dash);
  pen.beginPath();
  let down = false, before = -1;
  for (const [at, value] of points) {
    if (saw && Math.ceil(at) !== before) down = false;
    if (value !== null) down ? pen.lineTo(x(at), y(value)) : pen.moveTo(x(at), y(value));
    down = value !== null;
    before = Math.ceil(at);
  }
  pen.stroke();
  pen.restore();
}

export function marks(pen, points, { x, y }, { colour, size = 3.5, square = false }) {
  pen.fillStyle = colour;
  for (const [at, value] of points) {
    if (value === null) continue;
    pen.beginPath();
    if (square) pen.rect(x(at) - size, y(value) - size, 2 * size, 2 * size);
    else pen.arc(x(at), y(value), size, 0, 2 * Math.PI);
    pen.fill();
  }
}

// values: rows * columns numbers, first row on top, as an image in box {left, top, width, height}; table from ramp().
export function heat(pen, box, values, rows, columns, { low, high, table, smooth = false }) {
  const image = new ImageData(columns, rows), span = high - low || 1;
  for (let i = 0; i < rows * columns; i++) {
    const v = values[i], at = 3 * Math.max(0, Math.min(255, Math.round(((v - low) / span) * 255)));
    image.data.set([table[at], table[at + 1], table[at + 2], Number.isFinite(v) ? 255 : 0], 4 * i);
  }
  const small = new OffscreenCanvas(columns, rows);
  small.getContext("2d").putImageData(image, 0, 0);
  pen.imageSmoothingEnabled = smooth;
  pen.drawImage(small, box.left, box.top, box.width, box.height);
}

// A note beside a point, kept inside the canvas.
export function note(pen, look, lines, [px, py], width, height) {
  pen.save();
  pen.font = look.font;
  const w = Math.max(...lines.map((text) => pen.measureText(text).width)) + 16, h = lines.length * 18 + 8;
  const left = Math.max(0, px + 14 + w > width ? px - 14 - w : px + 14);
  const top = Math.max(0, Math.min(height - h, py - h / 2));
  Object.assign(pen, { fillStyle: look.page, strokeStyle: look.faint, lineWidth: 1, globalAlpha: 0.95 });
  pen.fillRect(left, top, w, h);
  pen.strokeRect(Math.round(left) + 0.5, Math.round(top) + 0.5, w, h);
  Object.assign(pen, { globalAlpha: 1, fillStyle: look.text, textAlign: "left", textBaseline: "middle" });
  lines.forEach((text, i) => pen.fillText(text, left + 8, top + 13 + 18 * i));
  pen.restore();
}

// Round numbers that cover low..high, about `count` steps, none smaller than `smallest`.
export function steps(low, high, count, smallest = 0) {
  if (!(high >= low)) [low, high] = [0, 1];
  if (high === low) [low, high] = [low - 0.5 * (Math.abs(low) || 1), high + 0.5 * (Math.abs(high) || 1)];
  const raw = (high - low) / count;
  const power = 10 ** Math.floor(Math.log10(raw));
  const step = Math.max(smallest, power * [1, 2, 5, 10].find((m) => power * m >= raw * 0.999));
  const ticks = [];
  for (let i = Math.floor(low / step + 1e-9); ; i++) {
    ticks.push(i * step);
    if (i * step >= high - 1e-9 * step) return ticks;
  }
}

export function shorten(tick, ticks) {
  const step = ticks[1] - ticks[0];
  if (Math.abs(tick) >= 1e5 || (step < 1e-4 && tick)) return tick.toExponential(1);
  return tick.toFixed(Math.max(0, -Math.floor(Math.log10(step) + 1e-9)));
}

// A number for a person: about `digits` figures, no needless zeros.
export function short(value, digits = 3) {
  if (value === null || value === undefined || !Number.isFinite(value)) return "not finite";
  if (value !== 0 && (Math.abs(value) < 1e-3 || Math.abs(value) >= 1e5)) return value.toExponential(digits - 1);
  return String(Number(value.toPrecision(digits)));
}
