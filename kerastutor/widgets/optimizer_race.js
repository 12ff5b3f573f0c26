// A race: ways over a surface, heights step by step; or the losses of copies of one net.
import {
  widget, make, row, button, slider, select, number, checkbox, ramp, canvas, drag, axes, within, line, marks, heat, short,
} from "./common.js";

const PER_SECOND = 50; // steps of the animation
const FLOOR = -9; // log10 of the smallest height that is told apart
const DASHES = [[], [7, 4], [2, 3], [8, 3, 2, 3]];
const GREYS = [ramp(["#FFFFFF", "#A9B4BD"]), ramp(["#0E1114", "#56616B"])];

export default widget({
  start: () => ({ surface: null, net: null, paths: {}, grid: null, came: 0 }),

  message(shared, content, buffers) {
    if (content.surface) {
      Object.assign(shared, { surface: content.surface, paths: content.paths, net: null });
      const view = buffers[0], bytes = new Uint8Array(view.buffer ?? view, view.byteOffset ?? 0, view.byteLength);
      shared.grid = new Float32Array(bytes.slice().buffer);
      shared.came += 1;
    } else if (content.net) Object.assign(shared, { net: content.net, epochs: content.epochs });
  },

  view({ model, root, shared, send, dispose }) {
    const style = model.get("style_"), calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
    let step = 0, playing = false, timer, seen = 0, dragging = null;

    const track = select({ label: "race on", options: model.get("tracks"), value: model.get("track"), change: (name) => send("track", { name }) });
    const place = ["x", "y"].map((name, i) => number({
      label: `start ${name}`, value: model.get("start")[i], step: 0.1,
      change: (v) => send("start", { x: i ? model.get("start")[0] : v, y: i ? v : model.get("start")[1] }),
    }));
    const play = button({ text: "▶ Play", label: "Play the race", press: () => (playing ? hold() : go(step >= last() ? 0 : step)) });
    const at = slider({ label: "step", min: 0, max: model.get("steps"), step: 1, value: 0, every: 0, change: (v) => (hold(), show(v)) });
    const again = button({ text: "Race again", press: () => send("again") });
    const state = make("span", { className: "kt-status", role: "status" });
    const formula = make("div", { className: "kt-formula" });
    const [left, right] = [make("div", { className: "kt-half" }), make("div", { className: "kt-half" })];
    const table = make("div", { className: "kt-racers" });
    root.append(row(track, ...place, play, at, again, state), formula, make("div", { className: "kt-halves" }, left, right), table);

    const last = () => Math.max(0, ...Object.values(shared.paths).map((path) => path.length - 1));
    const series = (look, i) => ({ colour: look.series[i % look.series.length], dash: DASHES[i % DASHES.length], width: 2 });
    const label = (i) => model.get("field")[i].label;
    const count = () => model.get("field").length;

    function show(value) {
      step = value;
      at.set(Math.round(step));
      map.ask();
      heights.ask();
      rows.forEach((one) => one.tell());
    }
    function hold() {
      playing = false;
      cancelAnimationFrame(timer);
      play.textContent = "▶ Play";
    }
    function go(from) {
      hold();
      if (calm) return show(last());
      playing = true;
      play.textContent = "❚❚ Pause";
      const began = performance.now();
      const next = (now) => {
        if (!root.isConnected) return hold();
        show(Math.min(last(), from + ((now - began) / 1000) * PER_SECOND));
        if (step < last()) timer = requestAnimationFrame(next);
        else hold();
      };
      timer = requestAnimationFrame(next);
    }

    let frame = null;
    const map = canvas(left, {
      style, height: (width) => Math.max(220, Math.min(320, width * 0.75)),
      className: "kt-race-map",
      label: () => `${model.get("said")}. Drag the dot to choose the start.`,
      draw(pen, { width, height, look }) {
        const { surface, grid, paths } = shared;
        if (!surface) return;
        frame = axes(pen, look, { left: 0, top: 0, width, height }, { ...surface, title: surface.name, xlabel: "x", exact: true, grid: false });
        const box = { left: frame.left, top: frame.top, width: frame.right - frame.left, height: frame.bottom - frame.top };
        heat(pen, box, grid, surface.rows, surface.columns, { low: 0, high: 1, table: GREYS[look.dark ? 1 : 0], smooth: true });
        within(pen, frame, () => {
          for (let i = 0; i < count(); i++) {
            const path = (paths[label(i)] ?? []).slice(0, Math.floor(step) + 1).filter((point) => point[0] !== null);
            if (!path.length) continue;
            line(pen, path, frame, series(look, i));
            marks(pen, path.slice(-1), frame, { colour: series(look, i).colour, size: 5 });
          }
        });
        pen.fillStyle = look.text;
        pen.textAlign = "center";
        if (surface.minimum) pen.fillText("★", frame.x(surface.minimum[0]), frame.y(surface.minimum[1]));
        marks(pen, [dragging ?? model.get("start")], frame, { colour: look.text, size: 6 });
        marks(pen, [dragging ?? model.get("start")], frame, { colour: look.page, size: 3 });
      },
    });
    const told = { at: 0 };
    const inside = ([px, py]) => {
      const clip = (v, [a, b]) => Math.max(a, Math.min(b, v));
      return [clip(frame.atX(px), shared.surface.x), clip(frame.atY(py), shared.surface.y)].map((v) => Number(v.toPrecision(3)));
    };
    drag(map.node, {
      begin: (spot) => Boolean(frame?.holds(spot)) && (hold(), (dragging = inside(spot)), map.ask(), true),
      move: (spot) => {
        dragging = inside(spot);
        map.ask();
        if (performance.now() - told.at < 250) return;
        told.at = performance.now();
        send("start", { x: dragging[0], y: dragging[1] });
      },
      end: (spot) => {
        const [x, y] = inside(spot);
        told.end = [x, y];
        send("start", { x, y });
      },
    });

    const heights = canvas(right, {
      style, height: (width) => Math.max(220, Math.min(320, width * (shared.net ? 0.5 : 0.75))),
      className: "kt-race-heights",
      label: () => model.get("said"),
      draw(pen, { width, height, look }) {
        const all = { left: 0, top: 0, width, height };
        const curves = shared.net ?? Object.fromEntries(Object.entries(shared.paths).map(([name, path]) => [name, path.map(above)]));
        const values = Object.values(curves).flat().filter((v) => v !== null);
        const y = [Math.min(...values, Infinity), Math.max(...values, -Infinity)];
        const f = axes(pen, look, all, shared.net
          ? { x: [0, shared.epochs], y, title: "loss", xlabel: "epoch", whole: true }
          : { x: [0, Math.max(1, last())], y, title: "height above the minimum (log₁₀)", xlabel: "step", whole: true });
        within(pen, f, () => {
          for (let i = 0; i < count(); i++) {
            const points = (curves[label(i)] ?? []).map((v, k) => [k, v]);
            const shown = shared.net ? points : points.slice(0, Math.floor(step) + 1);
            line(pen, shown, f, series(look, i));
            marks(pen, shown.slice(-1), f, { colour: series(look, i).colour, size: 4 });
          }
        });
      },
    });
    const above = (point) => (point[2] === null ? null : Math.max(FLOOR, Math.log10(Math.max(point[2] - shared.surface.lowest, 1e-30))));
    const rows = model.get("field").map((one, i) => racer(one, i));

    // One line of the table: colour, name, learning rate, value, formula.
    function racer(one, i) {
      const [min, max] = model.get("rates");
      const mark = make("span", { className: "kt-swatch", "aria-hidden": "true" });
      const on = checkbox({ label: one.label, value: one.running, change: (v) => send("running", { label: one.label, on: v }) });
      on.prepend(mark);
      const rate = slider({
        label: "η", min, max, value: one.rate, log: true, every: 300, format: (v) => short(v, 2),
        change: (value) => send("rate", { label: one.label, value: Number(value.toPrecision(3)) }),
      });
      rate.input.setAttribute("aria-label", `learning rate of ${one.label}`);
      const value = make("span", { className: "kt-value" });
      table.append(on, rate, value, make("span", { className: "kt-formula kt-faint", text: one.formula }));
      return {
        mark, on, rate,
        tell() {
          const now = shared.net ? shared.net[one.label]?.at(-1) : shared.paths[one.label]?.[Math.floor(step)]?.[2];
          const text = now === undefined ? "" : now === null ? "lost" : short(now, 3);
          if (value.textContent !== text) value.textContent = text;
        },
      };
    }

    dispose(hold);
    dispose(map.close);
    dispose(heights.close);
    return () => {
      const net = model.get("track") === model.get("tracks").at(-1) && shared.net !== null;
      left.hidden = play.hidden = at.hidden = net;
      place.forEach((field, i) => {
        field.hidden = net;
        field.set(model.get("start")[i]);
      });
      again.hidden = !net;
      track.set(model.get("track"));
      at.input.max = last();
      formula.textContent = net || !shared.surface ? "" : `f(x, y) = ${shared.surface.formula}`;
      const text = model.get("busy") ? "running" : "";
      if (state.textContent !== text) state.textContent = text;
      const look = document.body.dataset.jpThemeLight === "false" ? 1 : 0;
      rows.forEach((one, i) => {
        const now = model.get("field")[i];
        one.rate.set(now.rate);
        one.on.set(now.running);
        one.mark.style.background = style.series[look][i];
        one.tell();
      });
      if (seen !== shared.came) {
        seen = shared.came;
        if (dragging) {
          if (told.end && String(told.end) === String(model.get("start"))) dragging = told.end = null;
          show(last());
        } else go(0);
      }
      map.ask();
      heights.ask();
    };
  },
});
