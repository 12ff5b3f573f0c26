// The layer inspector: the graph on the left, the chosen layer on the right, one number of it taken apart.
import { widget, make, row, column, button, slider, number, short } from "./common.js";
import { pictureView, histogramView, plain } from "./number_pictures.js";

const TABS = [["forward", "Forward"], ["backward", "Backward"], ["weights", "Weights"], ["code", "Code"]];
const BACKENDS = ["numpy", "cpu", "cuda"];
const BOX = 46, INDENT = 12; // pixels: a box of the graph and the way to the next one; how far inner ones are set in

const CSS = `
.ki-main { display: grid; grid-template-columns: minmax(188px, 19%) minmax(0, 1fr); gap: 10px; margin-top: 4px; }
.ki-graph { position: relative; overflow: auto; max-height: 620px; border-right: 1px solid var(--jp-border-color2, #ddd); padding-right: 6px; }
.ki-graph > div { position: relative; }
.ki-graph svg { position: absolute; left: 0; top: 0; pointer-events: none; }
.ki-graph path { fill: none; stroke: var(--jp-ui-font-color3, #999); stroke-width: 1.5; }
.ki-box { position: absolute; text-align: left; font: inherit; color: inherit; cursor: pointer; overflow: hidden; line-height: 1.25;
  padding: 2px 6px; height: 36px; border: 1px solid var(--jp-border-color1, #bbb); border-radius: 4px; background: var(--jp-layout-color1, #fff); }
.ki-box > span { display: block; white-space: nowrap; overflow: hidden; text-overflow: ellipsis; }
.ki-box > span:last-child { font-size: 11px; color: var(--jp-ui-font-color2, #666); }
.ki-box:hover { background: var(--jp-layout-color2, #eee); }
.ki-box[aria-current="true"] { border: 2px solid var(--jp-brand-color1, #0072b2); padding: 1px 5px; font-weight: 600; }
.ki-ill { color: var(--jp-error-color1, #d55e00); font-weight: 600; }
.ki-tabs { display: flex; gap: 2px; border-bottom: 1px solid var(--jp-border-color1, #bbb); margin-bottom: 6px; }
.ki-tab { font: inherit; color: inherit; background: none; border: 0; border-bottom: 3px solid transparent; padding: 3px 12px; cursor: pointer; }
.ki-tab[aria-selected="true"] { border-bottom-color: var(--jp-brand-color1, #0072b2); font-weight: 600; }
.ki-two { display: grid; grid-template-columns: minmax(0, 1fr) minmax(0, 1.25fr); gap: 14px; }
.ki-even { grid-template-columns: minmax(0, 1fr) minmax(0, 1fr); }
.ki-title { font-weight: 600; margin: 8px 0 2px; }
.ki-name { font-size: 15px; font-weight: 600; }
.ki-formula { font-family: var(--jp-code-font-family, monospace); font-size: 12.5px; padding: 5px 8px; margin: 4px 0; overflow-wrap: anywhere;
  background: var(--jp-layout-color2, #f3f3f3); border-left: 3px solid var(--jp-brand-color1, #0072b2); }
.ki-sum { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; font-size: 12.5px; }
.ki-sum th { text-align: right; white-space: nowrap; font-weight: 400; color: var(--jp-ui-font-color2, #666); padding: 1px 4px; border-bottom: 1px solid var(--jp-border-color2, #ddd); }
.ki-sum td { text-align: right; padding: 1px 4px; white-space: nowrap; }
.ki-sum td:first-child, .ki-sum th:first-child { text-align: left; max-width: 12em; overflow: hidden; text-overflow: ellipsis; }
.ki-sum tr.ki-total td { border-top: 1px solid var(--jp-border-color1, #bbb); font-weight: 600; }
.ki-sum .ki-bar { width: 76px; min-width: 44px; padding: 0 2px; }
.ki-bar > div { position: relative; height: 11px; background: linear-gradient(var(--jp-border-color1, #bbb), var(--jp-border-color1, #bbb)) 50% 0 / 1px 100% no-repeat; }
.ki-bar > div > i { position: absolute; top: 1px; bottom: 1px; }
.ki-plus { background: #d55e00; } .ki-minus { background: #0072b2; }
body[data-jp-theme-light="false"] .ki-minus { background: #56b4e9; }
.ki-scroll { overflow: auto; max-height: 520px; }
.ki-scroll details { margin: 3px 0; } .ki-scroll summary { cursor: pointer; }
.ki-scroll pre { margin: 3px 0 8px; padding: 6px 8px; overflow: auto; font: 12px/1.45 var(--jp-code-font-family, monospace);
  background: var(--jp-layout-color2, #f5f5f5); color: var(--jp-ui-font-color0, inherit); }
.ki-scroll pre b { font-weight: 600; color: var(--jp-mirror-editor-keyword-color, #008000); } .ki-scroll pre i { color: var(--jp-mirror-editor-comment-color, #408080); }
.ki-thumb { width: 56px; } .ki-history input[type="range"] { width: 220px; }
.ki-arrows { display: flex; flex-wrap: wrap; align-items: center; gap: 6px; } .ki-windows { display: flex; gap: 8px; align-items: center; }
.ki-windows > div { flex: 1 1 0; min-width: 0; }
@container (max-width: 760px) { .ki-two, .ki-even { grid-template-columns: minmax(0, 1fr); gap: 4px; } }
@container (max-width: 560px) { .ki-main { grid-template-columns: minmax(0, 1fr); } .ki-graph { max-height: 190px; border-right: 0; border-bottom: 1px solid var(--jp-border-color2, #ddd); } }
`;

const smallerOnes = (n) => (n === 1 ? "1 smaller one" : `${n} smaller ones`);

export default widget({
  start: () => ({}),
  message(shared, content, buffers) {
    unpack(content, buffers);
    if (content.layer && content.layer.key !== shared.layer?.key) shared.weights = shared.code = null;
    Object.assign(shared, content);
  },
  view({ model, root, shared, send, dispose }) {
    const style = model.get("style_"), closing = (part) => (dispose(() => part.close()), part);
    const head = headline(model, style, send, closing);
    const graph = drawing(send);
    const panel = layerPanel(style, send, closing);
    root.append(make("style", { text: CSS }), head.node, make("div", { className: "ki-main" }, graph.node, panel.node));
    const resized = new ResizeObserver(() => shared.graph && graph.set(shared.graph, shared.layer?.key));
    resized.observe(graph.node);
    dispose(() => resized.disconnect());
    let drawn = {};
    return () => {
      if (!shared.head) return;
      if (drawn.head !== shared.head) head.set(shared.head, model);
      if (drawn.graph !== shared.graph || drawn.layer !== shared.layer) graph.set(shared.graph, shared.layer?.key);
      if (shared.layer && ["layer", "number", "tab", "weights", "code"].some((n) => drawn[n] !== shared[n])) panel.set(shared, shared.head);
      drawn = { ...shared };
    };
  },
});

// Pictures come as places among the buffers.
function unpack(thing, buffers) {
  if (!thing || typeof thing !== "object") return;
  if (typeof thing.buffer === "number") {
    const view = buffers[thing.buffer];
    thing.values = new Float32Array(view.buffer.slice(view.byteOffset, view.byteOffset + view.byteLength));
    return;
  }
  Object.values(thing).forEach((part) => unpack(part, buffers));
}

const place = (name, at) => (at === null || at === undefined ? name : `${name}[${at.join(", ")}]`);
const signed = (v, digits = 4) => (v === null || v === undefined ? "–" : v === 0 ? "0" : `${v < 0 ? "−" : "+"}${short(Math.abs(v), digits)}`);
const clear = (node, ...children) => node.replaceChildren(...children.filter(Boolean));

// ---- above: which sample, which moment ----------------------------------------------------------

function headline(model, style, send, closing) {
  const title = make("span", { className: "ki-name" }), said = make("span", { className: "kt-status" });
  const total = model.get("total");
  const go = (n) => send("look", { sample: Math.max(0, Math.min(total - 1, n)) });
  let now = { sample: 0 };
  const pick = number({ label: "Sample", min: 0, max: total - 1, step: 1, value: 0, change: go });
  const back = button({ text: "◀", label: "Sample before", press: () => go((now.sample ?? 1) - 1) });
  const next = button({ text: "▶", label: "Next sample", press: () => go((now.sample ?? -1) + 1) });
  const batch = button({ text: "Whole batch", title: "Means over the samples", press: () => send("look", { sample: now.sample === null ? 0 : "batch" }) });
  const thumb = make("div", { className: "ki-thumb" });
  const picture = closing(pictureView(thumb, { style, label: "The sample", tiny: true }));
  const past = slider({
    label: "Training history", min: 0, max: 1, step: 1, value: 1,
    format: (v) => (v >= (now.moments?.length ?? 0) ? "now" : momentText(now.moments[v])),
    change: (v) => send("look", { moment: v >= now.moments.length ? "now" : v }),
  });
  const kept = make("span", { className: "kt-faint" });
  const history = row(past, kept);
  past.classList.add("ki-history");
  const faint = make("div", { className: "kt-faint" });
  const node = column(row(title, pick, back, next, batch, thumb, said), history, faint);
  return {
    node,
    set(head) {
      now = head;
      title.textContent = model.get("title");
      if (head.sample !== null) pick.set(head.sample);
      pick.input.disabled = head.sample === null;
      batch.setAttribute("aria-pressed", String(head.sample === null));
      const loss = head.loss === null ? (head.graded ? "loss not finite" : "no gradients: give y, and compile the model") : `loss ${short(head.loss, 4)}`;
      said.textContent = [head.said, loss].filter(Boolean).join(" · ");
      thumb.style.display = head.picture && head.picture.rows > 1 ? "" : "none";
      picture.set(head.picture);
      history.style.display = head.moments.length ? "" : "none";
      past.input.max = head.moments.length;
      past.set(head.moment ?? head.moments.length);
      kept.textContent = head.kept;
      faint.textContent = head.note;
    },
  };
}

const momentText = (m) => (m ? m.label + (Number.isFinite(m.loss) ? `, loss ${short(m.loss)}` : "") : "");

// ---- left: the graph ----------------------------------------------------------------------------

function drawing(send) {
  const inside = make("div"), node = make("nav", { className: "ki-graph", "aria-label": "Layers; arrow keys move" }, inside);
  const lines = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  inside.append(lines);
  const boxes = new Map();
  let order = [], shown;
  const choose = (key) => send("look", { layer: key });
  node.addEventListener("keydown", (event) => {
    const at = order.findIndex((box) => boxes.get(box.key) === document.activeElement);
    if (at < 0) return;
    const step = { ArrowDown: 1, ArrowUp: -1, Home: -at, End: order.length - 1 - at }[event.key];
    if (step !== undefined) {
      const to = order[Math.max(0, Math.min(order.length - 1, at + step))];
      boxes.get(to.key).focus();
      choose(to.key);
    } else if (event.key === "ArrowRight" || event.key === "ArrowLeft") {
      if (order[at].opens && order[at].open !== (event.key === "ArrowRight")) send("open", { key: order[at].key });
    } else return;
    event.preventDefault();
  });
  const box = (key) => {
    const one = make("button", { className: "ki-box", type: "button" }, make("span"), make("span"));
    one.addEventListener("click", () => choose(key));
    one.addEventListener("dblclick", () => send("open", { key }));
    boxes.set(key, one);
    inside.append(one);
    return one;
  };
  return {
    node,
    set(graph, chosen) {
      order = [...graph].sort((a, b) => a.row - b.row || a.lane - b.lane);
      const keys = new Set(graph.map((b) => b.key));
      for (const [key, one] of boxes) if (!keys.has(key)) (one.remove(), boxes.delete(key));
      const width = node.clientWidth - 8, lanes = {};
      for (const b of graph) lanes[b.row] = Math.max(lanes[b.row] ?? 0, b.lane + 1);
      const at = {};
      for (const [i, b] of order.entries()) {
        const one = boxes.get(b.key) ?? box(b.key);
        if (inside.children[i + 1] !== one) inside.insertBefore(one, inside.children[i + 1] ?? null); // as Tab goes
        const left = 4 + b.depth * INDENT, room = Math.max((width - left - 14) / lanes[b.row], 64);
        Object.assign(one.style, { left: `${left + b.lane * room}px`, top: `${b.row * BOX + 2}px`, width: `${room - 6}px` });
        at[b.key] = { x: left + b.lane * room + (room - 6) / 2, right: left + b.lane * room + room - 6, top: b.row * BOX + 2, row: b.row };
        const name = b.key.slice(b.key.lastIndexOf("/") + 1);
        one.firstChild.textContent = b.opens ? `${b.open ? "▾" : "▸"} ${name}` : name;
        clear(one.lastChild, b.ill ? make("span", { className: "ki-ill", text: `⚠ ${b.ill} · ` }) : "", `${b.kind} ${b.shape}`);
        one.title = `${b.key}: ${b.kind}${b.shape ? `, gives ${b.shape}` : ""}${b.ill ? `; ${b.ill}` : ""}${b.opens ? "; Right arrow or double click opens it" : ""}`;
        one.setAttribute("aria-label", one.title);
        one.setAttribute("aria-current", String(b.key === chosen));
        one.tabIndex = b.key === chosen ? 0 : -1;
      }
      if (!keys.has(chosen) && order.length) boxes.get(order[0].key).tabIndex = 0;
      const tall = (Math.max(...graph.map((b) => b.row)) + 1) * BOX;
      inside.style.height = `${tall}px`;
      lines.setAttribute("width", width);
      lines.setAttribute("height", tall);
      lines.innerHTML = graph.flatMap((b) => b.sources.filter((s) => at[s]).map((s) => edge(at[s], at[b.key]))).join("");
      if (shown !== chosen && boxes.get(chosen)) {
        const one = boxes.get(chosen), top = one.offsetTop;
        if (top < node.scrollTop || top + BOX > node.scrollTop + node.clientHeight) node.scrollTop = top - node.clientHeight / 2;
      }
      shown = chosen;
    },
  };
}

// From under one box to above another; around those between them, where there are some.
function edge(from, to) {
  const y0 = from.top + 36, y1 = to.top, far = to.row - from.row > 1;
  if (!far) return `<path d="M ${from.x} ${y0} C ${from.x} ${y0 + 6}, ${to.x} ${y1 - 6}, ${to.x} ${y1}"/>`;
  const side = Math.max(from.right, to.right) + 8;
  return `<path d="M ${from.right} ${from.top + 18} Q ${side} ${from.top + 18}, ${side} ${from.top + 30} L ${side} ${to.top + 6} Q ${side} ${to.top + 18}, ${to.right} ${to.top + 18}"/>`;
}

// ---- right: the layer ---------------------------------------------------------------------------

function layerPanel(style, send, closing) {
  const name = make("span", { className: "ki-name" }), kind = make("span", { className: "kt-faint" });
  const formula = make("div", { className: "ki-formula" }), size = make("div", { className: "kt-faint" }), ill = make("div", { className: "ki-ill" });
  const tabs = make("div", { className: "ki-tabs", role: "tablist" });
  const bodies = { forward: passView(style, send, closing, false), backward: passView(style, send, closing, true), weights: weightsView(style), code: codeView() };
  const buttons = TABS.map(([key, text]) => {
    const one = make("button", { className: "ki-tab", type: "button", role: "tab", text });
    one.addEventListener("click", () => send("look", { tab: key }));
    return one;
  });
  tabs.append(...buttons);
  tabs.addEventListener("keydown", (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key], at = buttons.indexOf(document.activeElement);
    if (!step || at < 0) return;
    const to = (at + step + TABS.length) % TABS.length;
    buttons[to].focus();
    send("look", { tab: TABS[to][0] });
  });
  const node = make("section", { "aria-label": "The layer" }, row(name, kind), formula, size, ill, tabs, ...Object.values(bodies).map((b) => b.node));
  return {
    node,
    set(shared, head) {
      const { layer, tab } = shared;
      name.textContent = layer.key;
      kind.textContent = `${layer.kind}   ${layer.shapes}`;
      formula.textContent = layer.formula;
      size.textContent = layer.count;
      ill.textContent = sick(layer);
      TABS.forEach(([key], i) => {
        buttons[i].setAttribute("aria-selected", String(key === tab));
        buttons[i].tabIndex = key === tab ? 0 : -1;
        bodies[key].node.style.display = key === tab ? "" : "none";
      });
      bodies[tab].set(shared, head);
    },
  };
}

function sick(layer) {
  const say = (units, what) => units?.count
    ? `⚠ ${units.count} of ${layer.units} units ${what} (${units.first.join(", ")}${units.count > units.first.length ? ", …" : ""}). ` : "";
  return say(layer.dead, `gave 0 for all ${layer.samples} samples: dead`) + say(layer.saturated, "are saturated: nearly always where the activation is flat");
}

// Forward: what the layer gives and the sum behind one number. Backward: dL/da, and where that comes from.
function passView(style, send, closing, back) {
  const title = make("div", { className: "ki-title" }), caption = make("div", { className: "kt-faint" });
  const held = make("div"), spread = make("div"), spreadTitle = make("div", { className: "ki-title" }), said = make("div", { className: "kt-faint" });
  const right = make("div", { }), open = [];
  closing({ close: () => open.splice(0).forEach((part) => part.close()) });
  const picture = closing(pictureView(held, {
    style, label: back ? "Gradient of the loss by what the layer gives" : "What the layer gives",
    pick: ([which, r, c]) => send("pick", { which, row: r, column: c, gradient: back, serial: (last = Date.now()) }),
  }));
  let last = 0; // when a number was chosen here: answers to earlier choices do not move the mark back
  const histogram = closing(histogramView(spread, style));
  const node = make("div", { className: "ki-two" }, make("div", {}, title, held, caption, spreadTitle, spread, said), right);
  return {
    node,
    set({ layer, number: one, picked }, head) {
      const shown = back ? layer.gradient : layer.output, numbers = back ? layer.gradients : layer.outputs;
      const whose = head.sample === null ? "mean over the batch" : `sample ${head.sample}`;
      title.textContent = back ? `dL/da, ${whose}` : `What it gives, ${whose}`;
      held.style.display = shown ? "" : "none";
      picture.set(shown, picked < last);
      caption.textContent = shown ? `${shown.note} Click a number to take it apart.`.trim() : "No gradient flows here.";
      spreadTitle.textContent = `${back ? "dL/da" : "All numbers"} of ${layer.samples === layer.total ? `all ${layer.total}` : `${layer.samples} of ${layer.total.toLocaleString("en")}`} samples`;
      spread.style.display = spreadTitle.style.display = numbers ? "" : "none";
      histogram.set(numbers);
      said.textContent = numbers ? numbers.say : "";
      open.splice(0).forEach((part) => part.close());
      clear(right, ...(one ? (back ? backward(one) : forward(one, style, (part) => (open.push(part), part), send)) : []));
    },
  };
}

const bar = (v, most) => {
  const part = make("i", { className: v < 0 ? "ki-minus" : "ki-plus" }), share = most ? (50 * Math.abs(v ?? 0)) / most : 0;
  part.style.width = `${share}%`;
  part.style.left = v < 0 ? `${50 - share}%` : "50%";
  return make("td", { className: "ki-bar" }, make("div", {}, part));
};

function table(head, rows) {
  const line = (cells, tag, className) => make("tr", { className }, ...cells.map((c) => (c instanceof Node ? c : make(tag, { text: c, title: c.length > 14 ? c : undefined }))));
  return make("table", { className: "ki-sum" }, make("thead", {}, line(head, "th")), make("tbody", {}, ...rows.map(([cells, className]) => line(cells, "td", className))));
}

function forward(one, style, keep, send) {
  const heading = make("div", { className: "ki-title", text: `${place(one.layer, one.index)} = ${plain(one.a, 6)}` });
  const parts = [heading, make("div", { className: "kt-faint", text: one.formula })];
  if (one.window) parts.push(windows(one, style, keep));
  if (one.gates) return [...parts, ...gates(one, send)];
  if (one.z !== null && one.activation) {
    parts.push(make("div", { className: "ki-formula ki-result", text: one.kind === "formula" ? `x = ${plain(one.z, 6)} → a = ${one.activation}(x) = ${plain(one.a, 6)}`
      : `z = ${plain(one.z, 6)} → a = ${one.activation}(z) = ${plain(one.a, 6)}` }));
  }
  if (one.terms.length && one.kind !== "formula") parts.push(sum(one));
  if (one.note) parts.push(make("div", { className: "kt-faint", text: one.note }));
  return parts;
}

function sum(one) {
  const slopes = one.kind === "slopes", several = new Set(one.terms.map((t) => t.input)).size > 1;
  const value = (t) => (slopes ? t.w : t.product), most = Math.max(...one.terms.map((t) => Math.abs(value(t) ?? 0)), Math.abs(one.bias ?? 0));
  const label = (t) => (typeof t.place[0] === "string" ? `${t.place[0]}[${t.place.slice(1)}]` : place(several ? `x${t.input + 1}` : "x", t.place));
  const rows = one.terms.map((t) => [[label(t), plain(t.x), plain(t.w), signed(value(t)), bar(value(t), most)]]);
  if (one.rest.count) rows.push([[smallerOnes(one.rest.count), "", "", slopes ? "" : signed(one.rest.sum), bar(slopes ? 0 : one.rest.sum, most)]]);
  if (one.bias !== null) rows.push([["bias", "", "", signed(one.bias), bar(one.bias, most)]]);
  if (!slopes) rows.push([["sum", "", "", signed(one.z ?? one.a, 6), make("td", {})], "ki-total"]);
  const w = one.kind === "max" ? "won" : one.kind === "mean" ? "share" : one.kind === "row" ? "table" : slopes ? "dy/dx" : "· w";
  return table(["place", "x", w, slopes ? "dy/dx" : "= x · w", ""], rows);
}

// The window of a convolution beside its filter, or that of a pooling layer.
function windows(one, style, keep) {
  const holder = make("div", { className: "ki-windows" });
  const show = (picture, label, mark) => {
    const held = make("div"), view = keep(pictureView(held, { style, label, numbers: true }));
    view.set(mark ? { ...picture, at: [0, ...mark].slice(0, 3) } : picture);
    return make("div", {}, make("div", { className: "kt-faint", text: label }), held);
  };
  const winner = one.winner && (one.winner.length === 1 ? [0, one.winner[0]] : one.winner);
  holder.append(show(one.window, one.filter ? "window of x" : "window", winner));
  if (one.filter) holder.append(make("span", { text: "×" }), show(one.filter, "filter"));
  return holder;
}

function gates(one, send) {
  const rows = one.gates.map((g) => [[`${g.name}: ${g.meaning}`, signed(g.sum), plain(g.value), signed(g.gradient), bar(g.value, 1)]]);
  const step = slider({ label: "time step", min: 0, max: one.steps - 1, step: 1, value: one.step, change: (v) => send("step", { step: v }) });
  const details = one.gates.map((g) => {
    const most = Math.max(...g.terms.map((t) => Math.abs(t.product)), Math.abs(g.bias));
    const terms = g.terms.map((t) => [[`${t.place[0] === "h" ? "h₋₁" : "x"}[${t.place[1]}]`, plain(t.x), plain(t.w), signed(t.product), bar(t.product, most)]]);
    if (g.more) terms.push([[smallerOnes(g.more), "", "", "", make("td", {})]]);
    terms.push([["bias", "", "", signed(g.bias), bar(g.bias, most)]], [["sum", "", "", signed(g.sum, 6), make("td", {})], "ki-total"]);
    return make("details", {}, make("summary", { text: `the sum behind ${g.name}` }), table(["place", "x", "· w", "= x · w", ""], terms));
  });
  const made = table(["state", "before", "· gate", "= kept", ""], [
    ...one.terms.map((t) => [[`${t.place[0]}, step ${t.place[1]}`, plain(t.x), plain(t.w), signed(t.product), bar(t.product, Math.max(...one.terms.map((u) => Math.abs(u.product))))]]),
    [["sum", "", "", signed(one.z ?? one.a, 6), make("td", {})], "ki-total"],
  ]);
  return [step, table(["gate", "sum", "value", "dL/dsum", ""], rows), made, ...details];
}

function backward(one) {
  if (one.da === null) return [make("div", { className: "kt-faint", text: "No gradient: the loss does not depend on this number, or there is no loss." })];
  const parts = [make("div", { className: "ki-title", text: `dL/da of ${place(one.layer, one.index)} = ${plain(one.da, 6)}` })];
  const most = Math.max(...one.flows.map((f) => Math.abs(f.product ?? 0)), 0);
  const rows = one.flows.map((f) => [[place(f.layer, f.place), plain(f.gradient), plain(f.w), signed(f.product), bar(f.product, most)]]);
  if (one.others.count) rows.push([[smallerOnes(one.others.count), "", "", signed(one.others.sum), bar(one.others.sum, most)]]);
  rows.push([["dL/da", "", "", signed(one.da, 6), make("td", {})], "ki-total"]);
  parts.push(make("div", { className: "kt-faint", text: "It flows back from the layers after this one:" }), table(["from", "gradient", "· w", "= here", ""], rows));
  if (one.slope !== null) {
    const text = one.activation === "softmax" ? `dL/dz = ${plain(one.dz, 6)}: through the softmax, from all a of the row (this one's da/dz = ${plain(one.slope)})`
      : `dL/dz = dL/da · ${one.activation}′(z) = ${plain(one.da)} · ${plain(one.slope)} = ${plain(one.dz, 6)}`;
    parts.push(make("div", { className: "ki-formula ki-result", text }));
  }
  const handed = one.terms.filter((t) => t.dx !== null);
  if (handed.length && !one.gates) {
    const own = handed.some((t) => t.dw !== null), top = Math.max(...handed.map((t) => Math.abs(own ? t.dw ?? 0 : t.dx)));
    parts.push(make("div", { className: "kt-faint", text: own ? "It hands on: x · dL/dz to its weights (dL/dw sums over all uses), w · dL/dz to its inputs:" : "It hands on to its inputs:" }));
    parts.push(table(["place", "x", own ? "dL/dw" : "w", "to dL/dx", ""], handed.slice(0, 12).map((t) =>
      [[place("x", t.place), plain(t.x), own ? signed(t.dw) : plain(t.w), signed(t.dx), bar(own ? t.dw : t.dx, top)]])));
  }
  if (one.gates) parts.push(table(["gate", "dL/dsum"], one.gates.map((g) => [[`${g.name}: ${g.meaning}`, signed(g.gradient)]])));
  return parts;
}

function weightsView(style) {
  const node = make("div", { className: "ki-scroll" });
  let open = [];
  return {
    node,
    set({ weights }) {
      open.forEach((part) => part.close());
      open = [];
      if (!weights) return;
      const keep = (part) => (open.push(part), part);
      clear(node, ...(weights.length ? weights.map((w) => {
        const left = make("div"), right = make("div"), a = make("div"), b = make("div");
        const block = make("div", {}, make("div", { className: "ki-title", text: `${w.name} (${w.shape.join(", ")})` }));
        const half = (side, title, picture, spread, label) => {
          const shown = make("div"), bars = make("div");
          side.append(make("div", { className: "kt-faint", text: title }), shown, bars, make("div", { className: "kt-faint", text: `${spread.say}${picture.note ? `. ${picture.note}` : ""}` }));
          keep(pictureView(shown, { style, label })).set(picture);
          keep(histogramView(bars, style)).set(spread);
        };
        half(left, "its numbers", w.picture, w.spread, `${w.name}`);
        if (w.change) half(right, "dL/dw, over the batch", w.change, w.gradient, `gradient of ${w.name}`);
        else right.append(make("div", { className: "kt-faint", text: "no gradient: it is not trained by the loss, or there is none" }));
        block.append(make("div", { className: "ki-two ki-even" }, left, right));
        return block;
      }) : [make("div", { className: "kt-faint", text: "This layer has no weights." })]));
    },
  };
}

const KEYWORDS = /("""[\s\S]*?"""|"[^"\n]*"|'[^'\n]*'|#[^\n]*)|\b(class|def|return|if|else|elif|for|while|in|not|and|or|is|None|True|False|import|from|with|as|lambda|raise|yield|try|except|finally)\b/g;

function listing(text) {
  const pre = make("pre", { tabindex: "0" });
  let last = 0;
  for (const found of text.matchAll(KEYWORDS)) {
    pre.append(text.slice(last, found.index), make(found[1] ? "i" : "b", { text: found[0] }));
    last = found.index + found[0].length;
  }
  pre.append(text.slice(last));
  return pre;
}

function codeView() {
  const node = make("div", { className: "ki-scroll" });
  let backend = "numpy", last;
  const fold = (title, content, open) => {
    const one = make("details", {}, make("summary", { text: title }), content);
    one.open = open;
    return one;
  };
  const set = ({ code }) => {
    if (!code) return;
    last = code;
    const choice = row(make("span", { text: "Kernels of the backend" }), ...BACKENDS.map((name) => {
      const one = button({ text: name, press: () => { backend = name; set({ code: last }); node.querySelector(`[data-backend="${name}"]`).focus(); } });
      one.dataset.backend = name;
      one.setAttribute("aria-pressed", String(name === backend));
      return one;
    }));
    const kernel = (name, open) => {
      const part = code.kernels[name][backend];
      return part.text ? fold(`${name}  ·  ${part.where}`, listing(part.text), open) : make("div", { className: "ki-none", text: `${name}: ${backend}: ${part.say}` });
    };
    clear(node, choice,
      make("div", { className: "ki-title", text: code.forward.length ? "Kernels of the forward pass, in order" : "No kernel runs forward: the numbers only get another shape" }),
      ...code.forward.map((name) => kernel(name, true)),
      code.backward.length ? make("div", { className: "ki-title", text: "Kernels of the way back" }) : "",
      ...code.backward.map((name) => kernel(name, false)),
      make("div", { className: "ki-title", text: "The layer" }),
      ...code.layer.map((p, i) => fold(`${p.title}  ·  ${p.where}`, listing(p.text), i === 0)),
      code.note ? make("div", { className: "kt-faint", text: code.note }) : "");
  };
  return { node, set };
}
