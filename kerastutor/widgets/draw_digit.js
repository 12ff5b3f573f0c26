// A pad of 28 × 28 pixels to draw on, what the model sees of it, every layer's answer, and the outputs as bars.

import { widget, make, row, column, button, select, checkbox, canvas, drag, throttle, ramp, heat, short } from "./common.js";

const SIDE = 28, PIXEL = 10;

export default widget({
  start: () => ({ ink: new Float32Array(SIDE * SIDE), layers: [], pictures: [], outputs: [], classes: [], label: null, say: "", waiting: false, more: false }),

  message(shared, content, buffers) {
    const bytes = buffers.map((view) => new Uint8Array(view.buffer, view.byteOffset, view.byteLength));
    if (content.new) shared.ink = Float32Array.from(bytes.pop(), (v) => v / 255);
    Object.assign(shared, content, { seen: bytes[0], pictures: bytes.slice(1), waiting: false });
    shared.answered?.();
  },

  view({ model, root, shared, send, dispose }) {
    const style = model.get("style_"), tables = { plus: ramp(["#FFFFFF", "#202020"]), both: ramp(style.diverging) };
    // The next drawing leaves when the last one has been answered: a slow model is never ahead of its work.
    const tell = throttle(() => {
      if (shared.waiting) return void (shared.more = true);
      Object.assign(shared, { waiting: true, more: false });
      send("draw", { pixels: Array.from(shared.ink, (v) => Math.round(v * 255)) });
    }, 100);
    shared.answered = () => shared.more && tell();

    const wide = make("div", { className: "kt-row kt-digit" });
    Object.assign(wide.style, { alignItems: "flex-start", gap: "6px 20px" });
    const [left, right] = [column(), column()];
    left.style.flex = "none";
    left.style.width = `${SIDE * PIXEL + 2}px`;
    right.style.flex = "1 1 240px";
    wide.append(left, right);
    const pad = thePad(left, { style, tables, shared, tell: () => (pad.ask(), tell()) });
    const clear = button({ text: "Clear", press: () => (shared.ink.fill(0), pad.ask(), tell()) });
    const sample = button({ text: "A digit of MNIST", press: () => send("sample") });
    const rubber = button({ text: "Rubber", press: () => rubber.setAttribute("aria-pressed", (pad.rubbing = !pad.rubbing)) });
    const pen = select({ label: "Pen", options: [[0.7, "thin"], [1.2, "normal"], [1.9, "thick"]], value: 1.2, change: (v) => (pad.radius = Number(v)) });
    const centred = checkbox({ label: "centre as MNIST does", value: model.get("centred"), change: (v) => send("centred", { centred: v }) });
    rubber.setAttribute("aria-pressed", false);
    left.append(row(clear, rubber, pen), row(sample), row(centred));
    const seen = picture(right, { style, tables, shared });
    const bars = theBars(right, { style, shared });
    const layers = theLayers(root, { style, tables, shared });
    root.prepend(wide);
    const rest = make("div", { className: "kt-faint" });
    root.append(rest);
    const all = [pad, seen, bars, layers];
    all.forEach((one) => dispose(one.close));
    return () => {
      centred.set(model.get("centred"));
      rest.textContent = shared.left_out > 0 ? `${shared.left_out} more layers are not shown` : "";
      if (model.get("problem")) shared.waiting = false; // no answer comes
      all.forEach((one) => one.ask());
    };
  },
});

// ---- the pad -------------------------------------------------------------------------------------

function thePad(parent, { style, tables, shared, tell }) {
  const cursor = { x: 14, y: 14, down: false, shown: false };
  const drawing = canvas(parent, {
    style, className: "kt-digit-pad", height: () => SIDE * PIXEL + 2,
    draw(pen, { look }) {
      const size = SIDE * PIXEL;
      heat(pen, { left: 1, top: 1, width: size, height: size }, shared.ink, SIDE, SIDE, { low: 0, high: 1, table: tables.plus });
      Object.assign(pen, { strokeStyle: look.faint, lineWidth: 1 });
      pen.strokeRect(0.5, 0.5, size + 1, size + 1);
      if (cursor.shown) {
        Object.assign(pen, { strokeStyle: cursor.down ? "#D55E00" : "#0072B2", lineWidth: 2 });
        pen.strokeRect(1 + cursor.x * PIXEL, 1 + cursor.y * PIXEL, PIXEL, PIXEL);
      }
      if (shared.ink.some((v) => v > 0)) return;
      Object.assign(pen, { fillStyle: "#767676", font: look.font, textAlign: "center", textBaseline: "middle" });
      pen.fillText("draw a digit here", size / 2, size / 2 - 10);
      pen.fillText("(keys: arrows, space for pen down or up)", size / 2, size / 2 + 10);
    },
    label: () => `Pad to draw on, 28 by 28 pixels. Arrow keys move the pen, space puts it ${cursor.down ? "up" : "down"}; `
      + `it is at column ${cursor.x + 1}, row ${cursor.y + 1}. ${shared.say}`,
  });
  Object.assign(drawing, { radius: 1.2, rubbing: false });
  const { node } = drawing;
  node.tabIndex = 0;
  node.setAttribute("role", "application");
  Object.assign(node.style, { width: `${SIDE * PIXEL + 2}px`, cursor: "crosshair" });
  const dot = (x, y) => {
    const reach = Math.ceil(drawing.radius + 1);
    for (let r = Math.max(0, Math.floor(y) - reach); r <= Math.min(SIDE - 1, Math.floor(y) + reach); r++) {
      for (let c = Math.max(0, Math.floor(x) - reach); c <= Math.min(SIDE - 1, Math.floor(x) + reach); c++) {
        const ink = Math.max(0, Math.min(1, drawing.radius + 0.5 - Math.hypot(c + 0.5 - x, r + 0.5 - y)));
        const at = r * SIDE + c;
        shared.ink[at] = drawing.rubbing ? Math.min(shared.ink[at], 1 - ink) : Math.max(shared.ink[at], ink);
      }
    }
  };
  const stroke = ([x0, y0], [x1, y1]) => {
    const n = Math.max(1, Math.ceil(Math.hypot(x1 - x0, y1 - y0) * 3));
    for (let i = 0; i <= n; i++) dot(x0 + ((x1 - x0) * i) / n, y0 + ((y1 - y0) * i) / n);
    tell();
  };
  let before;
  const place = ([x, y]) => [(x - 1) / PIXEL, (y - 1) / PIXEL];
  drag(node, {
    begin: (at) => { before = place(at); cursor.shown = false; stroke(before, before); node.focus({ preventScroll: true }); },
    move: (at) => { const now = place(at); stroke(before, now); before = now; },
  });
  node.addEventListener("keydown", (event) => {
    const move = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key];
    if (!move && event.key !== " ") return;
    event.preventDefault();
    event.stopPropagation();
    const from = [cursor.x + 0.5, cursor.y + 0.5];
    if (move) [cursor.x, cursor.y] = [cursor.x + move[0], cursor.y + move[1]].map((v) => Math.max(0, Math.min(SIDE - 1, v)));
    else cursor.down = !cursor.down;
    cursor.shown = true;
    if (cursor.down) stroke(from, [cursor.x + 0.5, cursor.y + 0.5]);
    drawing.ask();
  });
  return drawing;
}

// ---- answers -------------------------------------------------------------------------------------

function picture(parent, { style, tables, shared }) {
  return canvas(parent, {
    style, className: "kt-digit-seen", height: 112,
    draw(pen, { look }) {
      heat(pen, { left: 1, top: 24, width: 84, height: 84 }, shared.seen ?? shared.ink, SIDE, SIDE, { low: 0, high: 255, table: tables.plus });
      Object.assign(pen, { strokeStyle: look.faint, lineWidth: 1, fillStyle: look.text, font: `600 ${look.font}`, textAlign: "left", textBaseline: "middle" });
      pen.strokeRect(0.5, 23.5, 85, 85);
      pen.fillText("what the model sees", 0, 10);
      pen.font = look.font;
      if (shared.label !== null) pen.fillText(`MNIST: it is a ${shared.label}`, 98, 40);
      if (!shared.outputs.length || !shared.ink.some((v) => v > 0)) return;
      const best = bestOf(shared.outputs);
      pen.fillText("the model says", 98, 64);
      pen.font = `600 34px ${look.font.split("px ")[1]}`;
      pen.fillText(shared.classes[best], 98, 90);
    },
    label: () => shared.say,
  });
}

const bestOf = (values) => values.reduce((best, v, i) => (v !== null && v > values[best] ? i : best), 0);

function theBars(parent, { style, shared }) {
  const row = 18;
  return canvas(parent, {
    style, className: "kt-digit-bars", height: () => 24 + row * Math.min(20, Math.max(1, shared.outputs.length)),
    draw(pen, { width, look }) {
      const values = shared.outputs.slice(0, 20), low = Math.min(0, ...values), high = Math.max(1e-9, ...values, low < 0 ? 0 : 1);
      const best = bestOf(shared.outputs), names = Math.max(14, ...shared.classes.map((name) => pen.measureText(name).width + 6));
      const room = Math.min(420, width - names - 60), x = (v) => names + ((v - low) / (high - low)) * room;
      Object.assign(pen, { font: `600 ${look.font}`, fillStyle: look.text, textAlign: "left", textBaseline: "middle" });
      pen.fillText(`output${shared.outputs.length > 20 ? `, the first 20 of ${shared.outputs.length}` : ""}`, 0, 10);
      values.forEach((v, i) => {
        const y = 22 + row * i;
        Object.assign(pen, { font: i === best ? `600 ${look.font}` : look.font, fillStyle: look.text, textAlign: "right" });
        pen.fillText(shared.classes[i], names - 6, y + row / 2);
        pen.fillStyle = i === best ? look.series[1] : look.training;
        pen.fillRect(Math.min(x(0), x(v)), y + 2, Math.max(1, Math.abs(x(v) - x(0))), row - 4);
        Object.assign(pen, { fillStyle: look.text, textAlign: "left" });
        pen.fillText(low < 0 || high > 1 ? short(v) : v.toFixed(3), Math.max(x(0), x(v)) + 5, y + row / 2);
      });
    },
    label: () => `Outputs: ${shared.outputs.map((v, i) => `${shared.classes[i]} ${short(v)}`).join(", ")}`,
  });
}

// Each layer in a row: its name and shape, then its maps, or all its values as one picture.
function theLayers(parent, { style, tables, shared }) {
  const size = (layer) => {
    const cell = layer.count > 256 ? 5 : 10;
    if (!layer.channels) return [cell * layer.columns, cell * layer.rows];
    const side = Math.max(30, Math.min(52, 2 * layer.rows));
    return [side, (side * layer.rows) / layer.columns];
  };
  const place = (width) => {
    let top = 0;
    return shared.layers.slice(0, -1).map((layer) => { // the last one's answer are the bars
      const [w, h] = size(layer), per = Math.max(1, Math.floor((width + 4) / (w + 4))), lines = Math.ceil(layer.maps / per);
      const box = { top, w, h, per };
      top += 26 + lines * (h + 4);
      box.end = top;
      return box;
    });
  };
  return canvas(parent, {
    style, className: "kt-digit-layers", height: (width) => place(width).at(-1)?.end ?? 20,
    draw(pen, { width, look }) {
      place(width).forEach(({ top, w, h, per }, i) => {
        const layer = shared.layers[i], { rows, columns } = layer, cells = rows * columns;
        Object.assign(pen, { font: `600 ${look.font}`, fillStyle: look.text, textAlign: "left", textBaseline: "middle" });
        pen.fillText(layer.name, 0, top + 13);
        const x = pen.measureText(layer.name).width + 10;
        Object.assign(pen, { font: look.font, fillStyle: look.faint });
        const total = layer.shape.reduce((a, b) => a * b, 1);
        const part = layer.channels && layer.maps < Math.max(...layer.shape.slice(-1)) ? ` · the ${layer.maps} strongest maps`
          : !layer.channels && layer.count < total ? ` · the first ${layer.count}` : "";
        pen.fillText(`${layer.kind} ${layer.shape.join(" × ")} · ${short(layer.low)} to ${short(layer.high)}${part}`, x, top + 13);
        const table = layer.low < 0 ? tables.both : tables.plus;
        for (let m = 0; m < layer.maps; m++) {
          const box = { left: 1 + (m % per) * (w + 4), top: top + 24 + Math.floor(m / per) * (h + 4), width: w, height: h };
          heat(pen, box, shared.pictures[i].subarray(m * cells, (m + 1) * cells), rows, columns, { low: 0, high: 255, table });
          Object.assign(pen, { strokeStyle: look.grid, lineWidth: 1 });
          pen.strokeRect(box.left - 0.5, box.top - 0.5, box.width + 1, box.height + 1);
        }
      });
    },
    label: () => `Layers: ${shared.layers.map((layer) => `${layer.name}, ${layer.kind}, ${layer.shape.join(" by ")}, ${short(layer.low)} to ${short(layer.high)}`).join("; ")}`,
  });
}
