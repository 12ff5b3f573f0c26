// A window that walks over an image: input and output as grids, the kernel to edit, the sum of the stop written out.

import { widget, make, row, button, select, canvas, ramp, short } from "./common.js";

const PLUS = ramp(["#FFFFFF", "#303030"]); // ink on paper, where nothing is below zero

export default widget({
  start: () => ({ timer: null }),

  view({ model, root, shared, send, dispose }) {
    const style = model.get("style_"), table = ramp(style.diverging);
    const scene = () => model.get("scene");
    const last = () => scene().output.length * scene().output[0].length - 1;
    const go = (position) => {
      const to = Math.max(0, Math.min(last(), position));
      if (to === model.get("position")) return;
      model.set("position", to);
      model.save_changes();
    };
    const stop = () => {
      clearInterval(shared.timer);
      shared.timer = null;
      ask();
    };
    const play = (pace) => {
      if (model.get("position") === last()) go(0);
      clearInterval(shared.timer);
      const [every, rows] = { slow: [1000, false], normal: [350, false], fast: [100, false], rows: [200, true] }[pace];
      shared.timer = setInterval(() => {
        const columns = scene().output[0].length, at = model.get("position");
        go(at + (rows ? columns : 1));
        if (model.get("position") === last()) stop();
      }, every);
      ask();
    };

    const bar = controls(model, send, { go, stop, play, last, shared });
    const stage = make("div", { className: "kt-row kt-conv" });
    Object.assign(stage.style, { alignItems: "flex-start", flexWrap: "wrap", gap: "4px 18px" });
    const side = (grow, basis) => {
      const part = make("div", { className: "kt-column" });
      part.style.flex = grow ? `${grow} 1 ${basis}px` : "none";
      return part;
    };
    const [left, middle, right] = [side(3, 220), side(0), side(3, 220)];
    stage.append(left, middle, right);
    const sum = make("div", { className: "kt-formula kt-conv-sum" });
    Object.assign(sum.style, { whiteSpace: "pre", overflowX: "auto" });
    root.append(bar.node, stage);

    const kernel = theKernel(middle, send, model.get("choices").kernels);
    const input = grid(left, {
      style, table, className: "kt-conv-input", title: () => title("input", scene().image), cells: () => padded(scene()),
      shown: () => true, marked: () => seen(scene(), model.get("position")),
    });
    const output = grid(right, {
      style, table, className: "kt-conv-output", title: () => title("output", scene().output), cells: () => scene().output,
      shown: (i) => i <= model.get("position"), marked: () => new Map([[model.get("position"), null]]), press: go,
    });
    right.append(sum);
    input.node.tabIndex = 0;
    input.node.setAttribute("role", "application");
    input.node.addEventListener("keydown", (event) => {
      const columns = scene().output[0].length, at = model.get("position");
      const to = {
        ArrowRight: at + 1, ArrowLeft: at - 1, ArrowDown: at + columns <= last() ? at + columns : at,
        ArrowUp: at >= columns ? at - columns : at, Home: 0, End: last(),
      }[event.key];
      if (to === undefined) return;
      event.preventDefault();
      event.stopPropagation();
      go(to);
    });
    [input, output].forEach((one) => dispose(one.close));
    dispose(stop);
    const ask = () => {
      bar.update();
      kernel.update(scene());
      const lines = written(scene(), model.get("position"));
      sum.textContent = lines.join("\n");
      input.say = `Input, ${describe(scene(), model.get("position"))} ${lines.join(" ")} Arrow keys move the window.`;
      output.say = `Output: ${model.get("position") + 1} of ${last() + 1} values filled; the newest is ${lines.at(-1).replace("= ", "")}`;
      input.ask();
      output.ask();
    };
    return ask;
  },
});

const title = (name, cells) => `${name}, ${cells.length} × ${cells[0].length}`;

// ---- what a stop sees ----------------------------------------------------------------------------

// The image with its padding: null where it is.
function padded({ image, before, after }) {
  const columns = image[0].length + before[1] + after[1], empty = () => new Array(columns).fill(null);
  const fill = (n) => new Array(n).fill(null);
  return [
    ...Array.from({ length: before[0] }, empty),
    ...image.map((line) => [...fill(before[1]), ...line, ...fill(after[1])]),
    ...Array.from({ length: after[0] }, empty),
  ];
}

// Cell number in the padded image -> the kernel's weight on it, in the kernel's order.
function seen(scene, position) {
  const columns = scene.output[0].length, across = scene.image[0].length + scene.before[1] + scene.after[1];
  const top = Math.floor(position / columns) * scene.stride, left = (position % columns) * scene.stride;
  const found = new Map();
  scene.kernel.forEach((line, i) => line.forEach((weight, j) => {
    found.set((top + i * scene.dilation) * across + left + j * scene.dilation, scene.mode === "convolution" ? weight : null);
  }));
  return found;
}

const figure = (v) => short(v, 4).replace("-", "−");
const signed = (v) => (v < 0 ? `(${figure(v)})` : figure(v));

function describe(scene, position) {
  const columns = scene.output[0].length;
  return `the window makes row ${Math.floor(position / columns) + 1}, column ${(position % columns) + 1} of the output:`;
}

// The stop's sum in lines, one a row of the kernel; the last is the result.
function written(scene, position) {
  const flat = padded(scene).flat(), places = [...seen(scene, position).keys()], width = scene.kernel[0].length;
  const result = `= ${figure(scene.output.flat()[position])}`;
  if (scene.mode !== "convolution") {
    const values = places.map((at) => flat[at]).filter((v) => v !== null).map(figure);
    return scene.mode === "max pooling" ? [`max(${values.join(", ")})`, result] : [`(${values.join(" + ")}) / ${values.length}`, result];
  }
  const weights = scene.kernel.flat();
  const terms = places.map((at, k) => `${figure(flat[at] ?? 0)} × ${signed(weights[k])}`);
  const wide = Math.max(...terms.map((t) => t.length));
  const lines = scene.kernel.map((_, i) => (i ? "+ " : "  ") + terms.slice(i * width, (i + 1) * width).map((t) => t.padEnd(wide)).join(" + "));
  return [...lines, ...(scene.bias ? [`+ ${signed(scene.bias)}`] : []), result];
}

// ---- controls ------------------------------------------------------------------------------------

function controls(model, send, { go, stop, play, last, shared }) {
  const choices = model.get("choices"), now = model.get("scene");
  const at = () => model.get("position");
  const moving = () => shared.timer !== null;
  let pace = last() > 100 ? "rows" : "normal";
  const back = button({ text: "◀ Back", press: () => (stop(), go(at() - 1)) });
  const run = button({ text: "▶ Play", press: () => (moving() ? stop() : play(pace)) });
  run.style.minWidth = "6.2em";
  const step = button({ text: "Step ▶", press: () => (stop(), go(at() + 1)) });
  const first = button({ text: "|◀", label: "To the first stop", press: () => (stop(), go(0)) });
  const final = button({ text: "▶|", label: "To the last stop", press: () => (stop(), go(last())) });
  const speed = select({
    label: "Pace", options: [["slow", "slow"], ["normal", "normal"], ["fast", "fast"], ["rows", "row by row"]], value: pace,
    change: (v) => { pace = v; if (moving()) play(pace); },
  });
  const status = make("span", { className: "kt-status" });
  const change = (values) => (stop(), send("change", values));
  const sizes = Array.from({ length: choices.largest }, (_, i) => i + 1);
  const parts = {
    name: select({ label: "Image", options: choices.images, value: now.name, change: (image) => change({ image }) }),
    mode: select({ label: "Mode", options: choices.modes, value: now.mode, change: (mode) => change({ mode }) }),
    size: select({ label: "Window", options: sizes.map((n) => [n, `${n} × ${n}`]), value: 3, change: (n) => change({ size: Number(n) }) }),
    padding: select({ label: "Padding", options: ["valid", "same"], value: now.padding, change: (padding) => change({ padding }) }),
    stride: select({ label: "Stride", options: sizes, value: now.stride, change: (n) => change({ stride: Number(n) }) }),
    dilation: select({ label: "Dilation", options: sizes, value: now.dilation, change: (n) => change({ dilation: Number(n) }) }),
  };
  const square = ({ kernel }) => (kernel.length === kernel[0].length ? kernel.length : "");
  return {
    node: make("div", { className: "kt-column" }, row(first, back, run, step, final, speed, status), row(...Object.values(parts))),
    update() {
      const scene = model.get("scene");
      for (const name of ["name", "mode", "padding", "stride", "dilation"]) parts[name].set(scene[name]);
      parts.size.set(square(scene));
      parts.dilation.input.disabled = scene.mode !== "convolution";
      run.textContent = moving() ? "❚❚ Pause" : "▶ Play";
      back.disabled = first.disabled = at() === 0;
      step.disabled = final.disabled = at() === last();
      const columns = scene.output[0].length;
      status.textContent = `stop ${at() + 1} of ${last() + 1}: row ${Math.floor(at() / columns) + 1}, column ${(at() % columns) + 1}`;
    },
  };
}

// The kernel's numbers as fields, its presets, the bias; in pooling nothing but a word.
function theKernel(parent, send, presets) {
  let shown = "";
  const nameOf = (kernel) => Object.keys(presets).find((name) => JSON.stringify(presets[name]) === JSON.stringify(kernel)) ?? "";
  const update = ({ kernel, bias, mode }) => {
    const now = JSON.stringify([kernel, bias, mode]);
    if (now === shown) return;
    shown = now;
    const focused = parent.contains(document.activeElement) && document.activeElement.getAttribute("aria-label");
    if (mode !== "convolution") {
      parent.replaceChildren(make("div", { text: `window, ${kernel.length} × ${kernel[0].length}` }),
        make("div", { className: "kt-faint", text: mode === "max pooling" ? "its largest value" : "its mean" }));
      return;
    }
    const preset = select({
      label: "Kernel", options: [["", "own"], ...Object.keys(presets)], value: nameOf(kernel),
      change: (name) => name && send("change", { kernel: name }),
    });
    const field = (value, label, tell) => {
      const input = make("input", { type: "number", step: "any", value: Number(value.toPrecision(4)), "aria-label": label });
      Object.assign(input.style, { width: "4.6em", padding: "2px 4px" });
      let told = Number(input.value);
      const commit = () => {
        if (input.value === "" || !input.reportValidity() || Number(input.value) === told) return;
        tell((told = Number(input.value)));
      };
      input.addEventListener("change", commit);
      input.addEventListener("keydown", (event) => event.key === "Enter" && commit());
      return input;
    };
    const lines = kernel.map((line, i) => {
      const fields = line.map((value, j) => field(value, `Kernel row ${i + 1}, column ${j + 1}`, (v) => {
        send("change", { kernel: kernel.map((l, a) => l.map((w, b) => (a === i && b === j ? v : w))) });
      }));
      const node = make("div", { className: "kt-control" }, ...fields);
      node.style.gap = "2px";
      return node;
    });
    const biased = make("div", { className: "kt-control" }, make("span", { text: "+ bias" }), field(bias, "Bias", (v) => send("change", { bias: v })));
    parent.replaceChildren(preset, ...lines, biased);
    if (focused) [...parent.querySelectorAll("input")].find((one) => one.getAttribute("aria-label") === focused)?.focus();
  };
  return { update };
}

// ---- a grid of numbers ---------------------------------------------------------------------------

function grid(parent, { style, table, className, title, cells, shown, marked, press }) {
  const measure = (width, lines) => Math.max(6, Math.min(44, (width - 6) / lines[0].length));
  const drawing = canvas(parent, {
    style, className, height: (width) => 26 + measure(width, cells()) * cells().length,
    draw(pen, { width, look }) {
      const lines = cells(), size = measure(width, lines), flat = lines.flat(), columns = lines[0].length, outlined = marked();
      const most = Math.max(1e-9, ...flat.map((v) => Math.abs(v ?? 0))), minus = flat.some((v) => v < 0);
      Object.assign(pen, { font: `600 ${look.font}`, fillStyle: look.text, textAlign: "left", textBaseline: "middle" });
      pen.fillText(title(), 2, 10);
      Object.assign(pen, { textAlign: "center", lineWidth: 1 });
      flat.forEach((value, i) => {
        const x = 2 + (i % columns) * size, y = 23 + Math.floor(i / columns) * size;
        if (value === null || !shown(i)) {
          Object.assign(pen, { strokeStyle: look.grid });
          pen.setLineDash([2, 2]);
          pen.strokeRect(x + 0.5, y + 0.5, size - 1, size - 1);
          pen.setLineDash([]);
          if (value === null && size >= 24) text(pen, look, "0", look.faint, x + size / 2, y + size / 2, size);
          return;
        }
        const share = minus ? (value / most + 1) / 2 : value / most, at = 3 * Math.round(share * 255), from = minus ? table : PLUS;
        const [r, g, b] = [from[at], from[at + 1], from[at + 2]];
        pen.fillStyle = `rgb(${r},${g},${b})`;
        pen.fillRect(x, y, size, size);
        Object.assign(pen, { strokeStyle: "#D0D0D0", lineWidth: 1 });
        if (size > 10) pen.strokeRect(x + 0.5, y + 0.5, size - 1, size - 1);
        if (size >= 24) text(pen, look, short(value, size < 36 ? 2 : 3).replace("-", "−"), 0.3 * r + 0.59 * g + 0.11 * b > 140 ? "#111" : "#fff", x + size / 2, y + size / 2, size);
      });
      for (const [i, weight] of outlined) {
        const x = 2 + (i % columns) * size, y = 23 + Math.floor(i / columns) * size;
        Object.assign(pen, { strokeStyle: look.dark ? "#E69F00" : "#C24E00", lineWidth: size > 14 ? 3 : 1.5 });
        pen.strokeRect(x + 0.5, y + 0.5, size - 2, size - 2);
        if (weight === null || size < 36) continue;
        Object.assign(pen, { fillStyle: "#C24E00", font: `600 10px ${look.font.split("px ")[1]}` });
        const word = `×${short(weight, 2).replace("-", "−")}`, wide = pen.measureText(word).width + 4;
        pen.fillRect(x + size - 2 - wide, y + size - 13, wide, 12);
        Object.assign(pen, { fillStyle: "#fff", textAlign: "center" });
        pen.fillText(word, x + size - 2 - wide / 2, y + size - 6.5);
      }
    },
    label: () => drawing?.say ?? title(),
  });
  if (press) {
    drawing.node.style.cursor = "pointer";
    drawing.node.addEventListener("click", (event) => {
      const box = drawing.node.getBoundingClientRect(), lines = cells(), size = measure(box.width, lines);
      const column = Math.floor((event.clientX - box.left - 2) / size), line = Math.floor((event.clientY - box.top - 23) / size);
      if (column >= 0 && column < lines[0].length && line >= 0 && line < lines.length) press(line * lines[0].length + column);
    });
  }
  return drawing;
}

function text(pen, look, word, colour, x, y, size) {
  pen.font = `${word.length > 4 ? 10 : Math.min(14, size * 0.36)}px ${look.font.split("px ")[1]}`;
  pen.fillStyle = colour;
  if (pen.measureText(word).width <= size - 2) pen.fillText(word, x, y); // else the colour says it
}
