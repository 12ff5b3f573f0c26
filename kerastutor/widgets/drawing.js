// What the widgets draw with: colour maps, a canvas, axes, lines, marks, heat maps, notes.
import { make, looks, onTheme } from "./common.js";

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

// ---- frames --------------------------------------------------------------------------------------

// Call f in the browser's next frame, once; what another one asks for in that frame comes in it too, for a frame costs
// the browser more than what is drawn.
const wanted = new Set();
let frame;
export function onFrame(f) {
  wanted.add(f);
  frame ??= requestAnimationFrame(drawAll);
}
onFrame.cancel = (f) => wanted.delete(f);

function drawAll() {
  const drawn = new Set();
  for (const f of wanted) {
    if (drawn.has(f)) continue; // asked for itself again: in the next frame
    drawn.add(f);
    wanted.delete(f);
    try { f(); } catch (error) { reportError(error); }
  }
  frame = wanted.size ? requestAnimationFrame(drawAll) : undefined;
}

// ---- canvas --------------------------------------------------------------------------------------

// A canvas as wide as its parent, sharp on dense screens, drawn once a frame at most.
// height: pixels, or f(width). draw(pen, { width, height, look }). label(): what a screen reader hears.
export function canvas(parent, { style, height, draw, label = () => "", className = "" }) {
  const node = make("canvas", { className: `kt-canvas ${className}`, role: "img" });
  parent.append(node);
  const paint = () => {
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
  const ask = () => onFrame(paint);
  const resized = new ResizeObserver(ask);
  resized.observe(parent);
  const unthemed = onTheme(ask);
  const close = () => (resized.disconnect(), unthemed(), onFrame.cancel(paint));
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
