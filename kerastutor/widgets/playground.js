// The playground: a network of little pictures, the plane in large, the losses.

import {
  widget, make, row, button, slider, select, number, canvas, axes, line, within, ramp, heat, short,
} from "./common.js";

export default widget({
  start: () => ({ curve: [], weights: [], points: [[], []], newest: {}, pictures: [], scales: [], epoch: 0, chosen: null, say: "" }),

  message(shared, content, buffers) {
    const { curve, points, ...rest } = content;
    if (content.fresh) Object.assign(shared, { curve: [], points, chosen: null });
    Object.assign(shared, rest);
    shared.curve.push(...curve);
    if (shared.curve.length > 5000) shared.curve = shared.curve.filter((_, i) => i % 2 === 0);
    shared.pictures = buffers.map((view) => new Uint8Array(view.buffer, view.byteOffset, view.byteLength));
  },

  view({ model, root, shared, send, dispose }) {
    const style = model.get("style_"), table = ramp(style.diverging);
    const bar = controls(model, send);
    const says = make("div", { className: "kt-formula kt-playground-formula", role: "status" });
    const wide = make("div", { className: "kt-row kt-playground" });
    const [left, right] = [make("div", { className: "kt-column" }), make("div", { className: "kt-column" })];
    Object.assign(wide.style, { alignItems: "flex-start", flexWrap: "wrap" });
    Object.assign(left.style, { flex: "3 1 330px" });
    Object.assign(right.style, { flex: "2 1 260px" });
    wide.append(left, right);
    root.append(bar.node, wide);

    const choose = (chosen) => {
      shared.chosen = chosen;
      refresh();
    };
    const net = network(left, { model, shared, style, table, choose });
    left.append(says);
    const plane = thePlane(right, { model, shared, style, table });
    const losses = theLosses(right, { shared, style });
    [net, plane, losses].forEach((one) => dispose(one.close));
    dispose(() => send("pause")); // nobody looks any more
    const refresh = () => {
      bar.update(shared);
      says.textContent = formula(shared, model.get("settings"));
      [net, plane, losses].forEach((one) => one.ask());
    };
    return refresh;
  },
});

// ---- controls ------------------------------------------------------------------------------------

function controls(model, send) {
  const limits = model.get("limits"), now = model.get("settings");
  const change = (name) => (value) => send("change", { [name]: value });
  const play = button({ text: "▶ Play", press: () => send(model.get("playing") ? "pause" : "play") });
  play.style.minWidth = "6.2em";
  const step = button({ text: "One epoch", press: () => send("step") });
  const reset = button({ text: "↺ Reset", press: () => send("reset") });
  const status = make("div", { className: "kt-status kt-playground-status" });
  Object.assign(status.style, { marginLeft: "0", fontWeight: "600" });
  const parts = {
    data: select({ label: "Data", options: limits.data, value: now.data, change: change("data") }),
    noise: slider({
      label: "Noise", min: 0, max: 1, step: 0.05, value: now.noise, format: (v) => v.toFixed(2), change: change("noise"), every: 250,
    }),
    seed: number({ label: "Seed", min: 0, max: 9999, step: 1, value: now.seed, change: change("seed") }),
    activation: select({ label: "Activation", options: limits.activations, value: now.activation, change: change("activation") }),
    optimizer: select({ label: "Optimizer", options: limits.optimizers, value: now.optimizer, change: change("optimizer") }),
    learning_rate: slider({
      label: "Learning rate", min: 1e-4, max: 10, log: true, value: now.learning_rate, format: (v) => short(v, 2),
      change: (v) => send("change", { learning_rate: Math.min(10, Math.max(1e-4, Number(v.toPrecision(2)))) }),
    }),
    l2: select({
      label: "L2", options: [...new Set([0, 0.0001, 0.001, 0.01, 0.1, now.l2])].sort((a, b) => a - b), value: now.l2,
      change: (v) => send("change", { l2: Number(v) }),
    }),
  };
  parts.seed.input.style.width = "4.5em";
  const speed = select({
    label: "Speed", options: [...new Set([...limits.speeds, model.get("speed")])].sort((a, b) => a - b).map((v) => [v, `${v} epochs/s`]),
    value: model.get("speed"), change: (v) => send("speed", { speed: Number(v) }),
  });
  const sizes = make("div", { className: "kt-control", role: "group", "aria-label": "Hidden layers" });
  let shown = "";
  const layers = (list) => {
    if (shown === String(list) && sizes.children.length) return;
    shown = String(list);
    const set = (next) => send("change", { layers: next });
    const fields = list.map((n, i) => {
      const field = make("input", {
        type: "number", min: 1, max: limits.neurons, step: 1, value: n, "aria-label": `Neurons in hidden layer ${i + 1}`,
      });
      field.style.width = "3.4em";
      field.addEventListener("change", () => field.reportValidity() && set(list.map((m, j) => (j === i ? Number(field.value) : m))));
      return field;
    });
    const fewer = button({ text: "−", label: "One hidden layer less", press: () => set(list.slice(0, -1)) });
    const more = button({ text: "+", label: "One hidden layer more", press: () => set([...list, 4]) });
    fewer.disabled = !list.length;
    more.disabled = list.length >= limits.layers;
    const had = document.activeElement?.getAttribute("aria-label");
    const inside = sizes.contains(document.activeElement);
    sizes.replaceChildren(make("span", { text: list.length === 1 ? "1 hidden layer" : `${list.length} hidden layers` }), fewer, more, ...fields);
    if (inside) [...sizes.children].find((child) => child.getAttribute("aria-label") === had)?.focus();
  };
  const node = make("div", { className: "kt-column" },
    row(play, step, reset, speed),
    row(parts.data, parts.noise, parts.seed, sizes, parts.activation, parts.optimizer, parts.learning_rate, parts.l2),
    status);
  return {
    node,
    update(shared) {
      const settings = model.get("settings");
      for (const [name, part] of Object.entries(parts)) part.set(settings[name]);
      speed.set(model.get("speed"));
      layers(settings.layers);
      play.textContent = model.get("playing") ? "❚❚ Pause" : "▶ Play";
      const { newest } = shared;
      const say = (name) => (newest[name] === undefined ? "…" : short(newest[name]));
      status.textContent = `epoch ${shared.epoch} · loss ${say("loss")} · test ${say("val_loss")} · accuracy ${say("accuracy")} · test ${say("val_accuracy")}`;
    },
  };
}

// ---- the network ---------------------------------------------------------------------------------

// Where the neurons stand: [layer][neuron] -> {left, top, size}; layer 0 are the inputs.
function places(width, sizes) {
  const columns = sizes.length, gap = width / columns;
  const high = room(sizes), side = Math.max(20, Math.min(54, gap * 0.5, high / Math.max(4, ...sizes) - 4));
  return sizes.map((n, i) => {
    const pitch = Math.min(side + 14, high / n), top = 24 + (high - pitch * n) / 2 + (pitch - side) / 2;
    return Array.from({ length: n }, (_, j) => ({ left: gap * (i + 0.5) - side / 2, top: top + pitch * j, size: side }));
  });
}

const room = (sizes) => Math.min(330, 68 * Math.max(4, ...sizes)); // pixels for the tallest layer

function network(parent, { model, shared, style, table, choose }) {
  const sizes = () => [2, ...shared.weights.map(([, bias]) => bias.length)];
  const chosen = () => shared.chosen ?? [shared.weights.length, 0];
  const side = model.get("limits").grid;
  let hits = [];
  const drawing = canvas(parent, {
    style, height: () => room(sizes()) + 30, className: "kt-playground-network",
    draw(pen, { width, look }) {
      if (!shared.weights.length) return;
      const at = (hits = places(width, sizes()));
      shared.weights.forEach(([kernel], i) => {
        const most = Math.max(1e-6, ...kernel.flat().map(Math.abs));
        kernel.forEach((from, a) => from.forEach((w, b) => wire(pen, look, at[i][a], at[i + 1][b], w, most)));
      });
      Object.assign(pen, { font: look.font, textBaseline: "middle", textAlign: "center" });
      at.forEach((layer, i) => {
        const name = i === 0 ? "inputs" : i === at.length - 1 ? "output" : `layer ${i}`;
        Object.assign(pen, { fillStyle: look.faint });
        pen.fillText(name, layer[0].left + layer[0].size / 2, 10);
        layer.forEach((box, j) => {
          const field = { left: box.left, top: box.top, width: box.size, height: box.size };
          if (i === 0) heat(pen, field, ramps(side, j), side, side, { low: 0, high: 255, table });
          else heat(pen, field, shared.pictures[i - 1].subarray(j * side * side), side, side, { low: 0, high: 255, table });
          const here = i === chosen()[0] && j === chosen()[1];
          Object.assign(pen, { strokeStyle: here ? look.text : look.faint, lineWidth: here ? 3 : 1 });
          pen.strokeRect(box.left, box.top, box.size, box.size);
          if (i === 0) {
            Object.assign(pen, { fillStyle: look.text, textAlign: "right" });
            pen.fillText(j ? "x₂" : "x₁", box.left - 5, box.top + box.size / 2);
            pen.textAlign = "center";
          }
        });
      });
    },
    label: () => `The network ${sizes().join("-")}, chosen: ${naming(chosen(), shared)}. Arrow keys choose another neuron. ${shared.say}`,
  });
  const { node } = drawing;
  node.tabIndex = 0;
  node.style.cursor = "pointer";
  node.setAttribute("role", "application");
  node.addEventListener("click", (event) => {
    const box = node.getBoundingClientRect(), x = event.clientX - box.left, y = event.clientY - box.top;
    hits.forEach((layer, i) => layer.forEach((b, j) => {
      if (i > 0 && x >= b.left - 3 && x <= b.left + b.size + 3 && y >= b.top - 3 && y <= b.top + b.size + 3) choose([i, j]);
    }));
  });
  node.addEventListener("keydown", (event) => {
    const move = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key];
    if (!move || !shared.weights.length) return;
    event.preventDefault();
    event.stopPropagation();
    const all = sizes(), clamp = (v, low, high) => Math.max(low, Math.min(high, v));
    const layer = clamp(chosen()[0] + move[0], 1, all.length - 1);
    choose([layer, clamp(chosen()[1] + move[1], 0, all[layer] - 1)]);
  });
  return drawing;
}

// x1 or x2 itself, as a picture.
function ramps(side, which) {
  return Float32Array.from({ length: side * side }, (_, i) => (which ? 1 - Math.floor(i / side) / (side - 1) : (i % side) / (side - 1)) * 255);
}

function wire(pen, look, from, to, weight, most) {
  const x0 = from.left + from.size, y0 = from.top + from.size / 2, x1 = to.left, y1 = to.top + to.size / 2, bend = (x1 - x0) / 2;
  pen.save();
  Object.assign(pen, { strokeStyle: weight < 0 ? look.training : look.series[1], lineWidth: 0.5 + (5 * Math.abs(weight)) / most, globalAlpha: 0.85 });
  if (weight < 0) pen.setLineDash([6, 4]);
  pen.beginPath();
  pen.moveTo(x0, y0);
  pen.bezierCurveTo(x0 + bend, y0, x1 - bend, y1, x1, y1);
  pen.stroke();
  pen.restore();
}

function naming([layer, neuron], shared) {
  return layer === shared.weights.length ? "output" : `layer ${layer}, neuron ${neuron + 1}`;
}

// What the chosen neuron computes, with its weights.
function formula(shared, settings) {
  if (!shared.weights.length) return "";
  const [layer, neuron] = shared.chosen ?? [shared.weights.length, 0];
  const [kernel, bias] = shared.weights[layer - 1];
  const input = layer === 1 ? ["x₁", "x₂"] : kernel.map((_, i) => `a${sub(i + 1)}`);
  const signs = (w) => `${w < 0 ? "−" : "+"} ${short(Math.abs(w), 3)}`;
  const terms = kernel.map((from, i) => `${signs(from[neuron])}·${input[i]}`).join(" ").replace(/^\+ /, "").replace(/^− /, "−");
  const last = layer === shared.weights.length;
  return `${naming([layer, neuron], shared)} = ${last ? "sigmoid" : settings.activation}(${terms} ${signs(bias[neuron])})`
    + (layer > 1 ? `\n${[...new Set(["a₁", input.at(-1)])].join(input.length > 2 ? " … " : ", ")}: the neuron${input.length > 1 ? "s" : ""} of layer ${layer - 1}, from above` : "");
}

const sub = (n) => String(n).replace(/\d/g, (d) => "₀₁₂₃₄₅₆₇₈₉"[d]);

// ---- the plane and the losses --------------------------------------------------------------------

function thePlane(parent, { model, shared, style, table }) {
  const { span, grid } = model.get("limits");
  return canvas(parent, {
    style, height: (width) => Math.min(width, 360) - 20, className: "kt-playground-plane",
    draw(pen, { width, look }) {
      if (!shared.pictures.length) return;
      const [layer, neuron] = shared.chosen ?? [shared.weights.length, 0];
      const scale = shared.scales[layer - 1][neuron], last = layer === shared.weights.length;
      const side = Math.min(width, 360) - 66, left = 34, top = 22;
      const picture = shared.pictures[layer - 1].subarray(neuron * grid * grid, (neuron + 1) * grid * grid);
      heat(pen, { left, top, width: side, height: side }, picture, grid, grid, { low: 0, high: 255, table, smooth: true });
      Object.assign(pen, { font: look.font, fillStyle: look.text, textBaseline: "middle", textAlign: "left" });
      pen.fillText(last ? "output: probability of class 1" : naming([layer, neuron], shared), left, 10);
      pen.fillStyle = look.faint;
      const place = (v) => left + ((v + span) / (2 * span)) * side, above = (v) => top + ((span - v) / (2 * span)) * side;
      for (const v of [-span, 0, span]) {
        pen.textAlign = "center";
        pen.fillText(v, place(v), top + side + 11);
        pen.textAlign = "right";
        pen.fillText(v, left - 5, above(v));
      }
      pen.textAlign = "center";
      pen.fillText("x₁", place(span / 2), top + side + 11);
      pen.fillText("x₂", left - 12, above(span / 2));
      within(pen, { left, right: left + side, top, bottom: top + side }, () => {
        shared.points.forEach((points, test) => points.forEach(([x, y, c]) => mark(pen, place(x), above(y), c, test)));
      });
      legend(pen, look, table, { left: left + side + 10, top, height: side }, last ? ["1", "0"] : [short(scale, 2), `−${short(scale, 2)}`]);
    },
    label: () => `The plane: ${naming(shared.chosen ?? [shared.weights.length, 0], shared)} at each place. ${shared.say}`,
  });
}

// Class 1 is a square, class 0 a circle; test points are hollow.
function mark(pen, x, y, one, test) {
  pen.beginPath();
  if (one) pen.rect(x - 2.8, y - 2.8, 5.6, 5.6);
  else pen.arc(x, y, 3.1, 0, 2 * Math.PI);
  const colour = one ? "#8f3d00" : "#00476f";
  Object.assign(pen, { lineWidth: 1.2, strokeStyle: test ? colour : "#fff", fillStyle: test ? "rgba(255,255,255,.75)" : colour });
  pen.fill();
  pen.stroke();
}

function legend(pen, look, table, box, [high, low]) {
  heat(pen, { ...box, width: 8 }, Float32Array.from({ length: 64 }, (_, i) => 63 - i), 64, 1, { low: 0, high: 63, table });
  Object.assign(pen, { fillStyle: look.faint, textAlign: "left" });
  pen.fillText(high, box.left + 11, box.top + 6);
  pen.fillText(low, box.left + 11, box.top + box.height - 6);
}

function theLosses(parent, { shared, style }) {
  return canvas(parent, {
    style, height: 170, className: "kt-playground-loss",
    draw(pen, { width, height, look }) {
      const curve = shared.curve;
      const values = curve.flatMap(([, a, b]) => [a, b]).filter((v) => v !== null);
      const end = Math.max(10, curve.at(-1)?.[0] ?? 0);
      const frame = axes(pen, look, { left: -12, top: 0, width: width + 12, height }, {
        x: [0, end], y: [0, Math.max(0.1, ...values)], title: "loss", xlabel: "epoch", whole: true,
      });
      within(pen, frame, () => {
        line(pen, curve.map(([x, a]) => [x, a]), frame, { colour: look.training });
        line(pen, curve.map(([x, , b]) => [x, b]), frame, { colour: look.validation, dash: [6, 4] });
      });
      Object.assign(pen, { font: look.font, textAlign: "right", textBaseline: "middle" });
      [["test  - - -", look.validation], ["training ——", look.training]].reduce((right, [text, colour]) => {
        pen.fillStyle = colour;
        pen.fillText(text, right, 14);
        return right - pen.measureText(text).width - 14;
      }, frame.right);
    },
    label: () => `Losses: ${shared.say}`,
  });
}
