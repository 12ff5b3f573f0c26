// A recurrent layer's gates: one quantity of all units above, all quantities of one unit below, formulas with numbers.

import { widget, make, button, canvas, hover, ramp, heat, short } from "./common.js";

const LEFT = 46, RIGHT = 84, LONGEST = 12; // pixels beside the maps; letters of a word under them
const isGate = (name) => "ifozr".includes(name); // between 0 and 1

export default widget({
  view({ model, root, dispose }) {
    const style = model.get("style_"), tables = { gate: ramp(style.sequential), state: ramp(style.diverging) };
    const content = model.get("content"), numbers = unpack(content, model.get("numbers"));
    const set = (values) => {
      for (const [name, value] of Object.entries(values)) model.set(name, value);
      model.save_changes();
    };
    let over = null; // [unit, step] as places in the lists, under the pointer
    const chosen = () => [Math.max(0, content.units.indexOf(model.get("unit"))), Math.max(0, content.steps.indexOf(model.get("step")))];
    const looked = () => over ?? chosen();

    const head = make("div", { className: "kt-row", role: "group", "aria-label": "Quantity" });
    const buttons = content.names.map((name) => {
      const one = button({ text: content.signs[name], label: `${content.signs[name]}, ${content.meaning[name]}`, press: () => set({ quantity: name }) });
      one.style.minWidth = "2.6em";
      return one;
    });
    const meaning = make("span");
    head.append(make("span", { text: "Show" }), ...buttons, meaning);
    root.append(head);
    const notes = [`${content.kind} layer ${content.name}`, content.shown && `shown: ${content.shown}`, content.backwards && "the layer goes backwards"];
    root.append(make("div", { className: "kt-faint", text: notes.filter(Boolean).join(" · ") }));

    let plan;
    const drawing = canvas(root, {
      style, className: "kt-gates", height: (width) => (plan = layout(width, content)).height,
      draw(pen, { width, look }) {
        plan = layout(width, content);
        picture(pen, look, { plan, content, numbers, tables, quantity: model.get("quantity"), chosen: chosen(), over });
      },
      label: () => {
        const [unit, step] = chosen();
        return `Heat map of ${content.signs[model.get("quantity")]}, ${content.units.length} units over ${content.steps.length} steps. `
          + `Unit ${content.units[unit] + 1}, step ${content.steps[step] + 1}, ${content.words[step]}: `
          + `${short(numbers.values[model.get("quantity")][step * content.units.length + unit])}. Arrow keys choose.`;
      },
    });
    const says = make("div", { className: "kt-formula kt-gates-formula", role: "status" });
    Object.assign(says.style, { overflowX: "auto", minHeight: `${1.4 * (content.names.length + 1)}em` });
    root.append(says);

    const { node } = drawing;
    node.tabIndex = 0;
    node.setAttribute("role", "application");
    node.style.cursor = "crosshair";
    const place = (at) => at && plan && locate(at, plan, content, chosen());
    hover(node, (at) => {
      const found = place(at);
      if (String(found ?? "") === String(over ?? "")) return;
      over = found ?? null;
      refresh();
    });
    node.addEventListener("click", (event) => {
      const box = node.getBoundingClientRect(), found = place([event.clientX - box.left, event.clientY - box.top]);
      if (found) set({ unit: content.units[found[0]], step: content.steps[found[1]] });
    });
    node.addEventListener("keydown", (event) => {
      const [unit, step] = chosen(), [units, steps] = [content.units.length - 1, content.steps.length - 1];
      const to = {
        ArrowRight: [unit, Math.min(steps, step + 1)], ArrowLeft: [unit, Math.max(0, step - 1)],
        ArrowDown: [Math.min(units, unit + 1), step], ArrowUp: [Math.max(0, unit - 1), step], Home: [unit, 0], End: [unit, steps],
      }[event.key];
      if (!to) return;
      event.preventDefault();
      event.stopPropagation();
      over = null;
      set({ unit: content.units[to[0]], step: content.steps[to[1]] });
    });
    dispose(drawing.close);
    const refresh = () => {
      const quantity = model.get("quantity");
      buttons.forEach((one, i) => one.setAttribute("aria-pressed", content.names[i] === quantity));
      meaning.textContent = content.meaning[quantity];
      says.textContent = formulas(content, numbers, ...looked()).join("\n");
      drawing.ask();
    };
    return refresh;
  },
});

// The bytes as arrays (time * units): values by name, the terms x, h, b of each gate, h and c of the step before.
function unpack(content, view) {
  const bytes = new Uint8Array(view.buffer, view.byteOffset, view.byteLength).slice();
  const all = new Float32Array(bytes.buffer), size = content.steps.length * content.units.length;
  let at = 0;
  const next = () => all.subarray(at, (at += size));
  const values = Object.fromEntries(content.names.map((name) => [name, next()]));
  const terms = Object.fromEntries([...content.order].map((name) => [name, { x: next(), h: next(), b: next() }]));
  const before = Object.fromEntries(["h", "c"].filter((name) => name in values).map((name) => [name, next()]));
  return { values, terms, before };
}

// ---- the picture ---------------------------------------------------------------------------------

function layout(width, content) {
  const across = Math.min(width - LEFT - RIGHT, 90 * content.steps.length), row = Math.max(4, Math.min(20, 260 / content.units.length));
  const upper = { left: LEFT, top: 22, width: across, height: row * content.units.length };
  const lower = { left: LEFT, top: upper.top + upper.height + 30, width: across, height: 22 * content.names.length };
  const longest = Math.max(...content.steps.map((_, t) => shown(content, t).length));
  return { upper, lower, row, column: across / content.steps.length, height: lower.top + lower.height + 18 + 6 * longest };
}

// A point in the canvas -> [unit, step], or undefined beside the maps.
function locate([x, y], { upper, lower, row, column }, content, [unit]) {
  const step = Math.floor((x - LEFT) / column);
  if (step < 0 || step >= content.steps.length) return undefined;
  if (y >= upper.top && y < upper.top + upper.height) return [Math.min(content.units.length - 1, Math.floor((y - upper.top) / row)), step];
  return y > lower.top - 6 ? [unit, step] : undefined;
}

const extent = (name, values) => (isGate(name) ? [0, 1] : ((most) => [-most, most])(Math.max(1e-6, ...values.map(Math.abs))));

function picture(pen, look, { plan, content, numbers, tables, quantity, chosen, over }) {
  const { upper, lower, row, column } = plan, [steps, units] = [content.steps.length, content.units.length];
  const [unit, step] = over ?? chosen;
  const table = (name) => (isGate(name) ? tables.gate : tables.state);
  const across = (values) => Float32Array.from({ length: units * steps }, (_, i) => values[(i % steps) * units + Math.floor(i / steps)]);
  const text = (words, x, y, { align = "left", colour = look.faint, bold = false } = {}) => {
    Object.assign(pen, { font: `${bold ? "600 " : ""}${look.font}`, fillStyle: colour, textAlign: align, textBaseline: "middle" });
    pen.fillText(words, x, y);
  };
  const [low, high] = extent(quantity, numbers.values[quantity]);
  heat(pen, upper, across(numbers.values[quantity]), units, steps, { low, high, table: table(quantity) });
  text(`${content.signs[quantity]} of each unit`, LEFT, 10, { colour: look.text, bold: true });
  const every = Math.max(1, Math.ceil(15 / row));
  content.units.forEach((u, i) => i % every === 0 && text(u + 1, LEFT - 6, upper.top + row * (i + 0.5), { align: "right" }));

  const bar = { left: upper.left + upper.width + 12, top: upper.top, width: 8, height: Math.min(upper.height, 120) };
  heat(pen, bar, Float32Array.from({ length: 64 }, (_, i) => 63 - i), 64, 1, { low: 0, high: 63, table: table(quantity) });
  text(short(high, 2), bar.left + 11, bar.top + 5);
  text(short(low, 2).replace("-", "−"), bar.left + 11, bar.top + bar.height - 5);

  text(`unit ${content.units[unit] + 1}`, LEFT, lower.top - 13, { colour: look.text, bold: true });
  content.names.forEach((name, i) => {
    const own = Float32Array.from({ length: steps }, (_, t) => numbers.values[name][t * units + unit]);
    const [from, to] = extent(name, numbers.values[name]), box = { ...lower, top: lower.top + 22 * i, height: 21 };
    heat(pen, box, own, 1, steps, { low: from, high: to, table: table(name) });
    text(content.signs[name], LEFT - 8, box.top + 11, { align: "right", colour: look.text });
    if (column < 38) return;
    own.forEach((v, t) => {
      const at = 3 * Math.round(((v - from) / (to - from)) * 255), c = table(name);
      const light = 0.3 * c[at] + 0.59 * c[at + 1] + 0.11 * c[at + 2] > 140;
      text(v.toFixed(2).replace("-", "−"), LEFT + column * (t + 0.5), box.top + 11, { align: "center", colour: light ? "#111" : "#fff" });
    });
  });
  words(pen, look, plan, content, step, text);
  Object.assign(pen, { strokeStyle: look.text, lineWidth: 2 });
  pen.strokeRect(LEFT + column * step, upper.top + row * unit, column, row);
  pen.strokeRect(LEFT + column * step, lower.top - 1, column, lower.height + 1);
}

// The word of a step: cut where it is long, in brackets where it is masked.
function shown({ words, kept }, t) {
  const word = words[t].length > LONGEST ? `${words[t].slice(0, LONGEST - 1)}…` : words[t];
  return kept[t] ? word : `(${word})`;
}

// The words under the maps: slanted where they are long, some left out where there are many; the chosen one always.
function words(pen, look, { lower, column }, content, step, text) {
  pen.font = look.font;
  const wide = Math.max(...content.words.map((word) => pen.measureText(word).width)), slanted = wide > column - 4;
  const every = Math.ceil(15 / column);
  content.words.forEach((_, t) => {
    const here = t === step;
    if (!here && (t % every || Math.abs(t - step) * column < 14)) return;
    pen.save();
    pen.translate(LEFT + column * (t + 0.5), lower.top + lower.height + 12);
    const style = { align: slanted ? "right" : "center", colour: here ? look.text : look.faint, bold: here };
    if (slanted) pen.rotate(-Math.PI / 4);
    text(shown(content, t), 0, 0, style);
    pen.restore();
  });
}

// ---- the formulas --------------------------------------------------------------------------------

const say = (v) => short(v, 3).replaceAll("-", "−");
const bracket = (v) => (v < 0 ? `(${say(v)})` : say(v));
const added = (values) => values.map((v, i) => (i === 0 ? say(v) : `${v < 0 ? "−" : "+"} ${say(Math.abs(v))}`)).join(" ");

function formulas(content, { values, terms, before }, unit, step) {
  const at = step * content.units.length + unit;
  const v = Object.fromEntries(Object.entries(values).map(([name, all]) => [name, all[at]]));
  const sigma = content.recurrent_activation === "sigmoid" ? "σ" : content.recurrent_activation, { activation, signs } = content;
  const lines = [`unit ${content.units[unit] + 1} at step ${content.steps[step] + 1}, “${content.words[step]}”${content.kept[step] ? "" : ": masked, the states stay as they were"}`];
  const numbersOf = (name) => {
    if (name in terms) {
      const { x, h, b } = terms[name], parts = [x[at], h[at], b[at]], f = "gh".includes(name) ? activation : sigma;
      const order = name === "g" && content.kind === "GRU" && content.reset_after ? [parts[0], parts[2], parts[1]] : parts;
      return `${f}(${added(order)}) = ${f}(${say(parts[0] + parts[1] + parts[2])})`;
    }
    if (name === "c") return `${say(v.f)} · ${bracket(before.c[at])} + ${say(v.i)} · ${bracket(v.g)}`;
    if (content.kind === "LSTM") return `${say(v.o)} · ${activation}(${say(v.c)})`;
    return `${say(v.z)} · ${bracket(before.h[at])} + (1 − ${say(v.z)}) · ${bracket(v.g)}`;
  };
  for (const name of content.names) {
    let formula = content.formulas[name];
    if (name === "g" && content.kind === "GRU" && !content.reset_after) formula = "h̃ = tanh(x·W_h + (r · h₋)·U_h + b_h)";
    formula = formula.replace("σ", sigma).replace("tanh", activation);
    lines.push(`${formula} = ${numbersOf(name)} = ${say(v[name])}`);
  }
  return [...lines, `x: what enters this step; h₋${"c" in v ? ", c₋" : ""}: the step before; ${Object.values(signs).at(-1)} goes on and out`];
}
