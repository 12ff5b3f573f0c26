// Loss and metrics over the epochs: points come by message and are appended; zoom, values under the pointer, earlier runs.
import { make, canvas, hover, drag, axes, within, rule, line, marks, note, short } from "./common.js";

const LONGEST = 4000; // points of one thin line

const newRun = () => ({ batches: {}, epochs: {}, names: ["loss"], status: "starting", say: "" });

// A message brings what is new, or, where `whole` is said, everything.
function take(run, message) {
  if (message.names === undefined) return;
  if (message.whole) Object.assign(run, newRun());
  for (const kind of ["batches", "epochs"]) {
    for (const [name, points] of Object.entries(message[kind])) {
      const all = (run[kind][name] ??= []);
      for (const point of points) all.push(point);
      if (all.length > LONGEST) run[kind][name] = all.filter((_, i) => i % 2 === 0);
    }
  }
  if (message.names.length) run.names = message.names;
  run.status = message.status;
  run.say = message.say;
}

// run: what newRun() began. model: has first, total and earlier. Returns { ask, close }.
function chart(root, run, model) {
  const style = model.get("style_");
  const legend = [mark("●", "training"), mark("■", "validation"), mark("—", "earlier runs")];
  const status = make("span", { className: "kt-status" });
  const again = make("button", { className: "kt-button kt-small", type: "button", text: "Whole curve", hidden: "" });
  root.append(make("div", { className: "kerastutor-legend kt-row" }, ...legend, again, status));
  const zoom = { x: null, y: {} };
  let at = null, pulled = null, frames = {};

  const view = canvas(root, {
    style,
    className: "kerastutor-live-loss",
    height: (width) => style.panelHeight * Math.ceil(run.names.length / columns(width)),
    label: () => `${run.say || "Loss curve: training is about to start."} ${HOW}`,
    draw(pen, { width, height, look }) {
      const wide = width / columns(width), earlier = model.get("earlier");
      const across = zoom.x ?? [model.get("first"), Math.max(model.get("total"), model.get("first") + 1)];
      frames = {};
      run.names.forEach((name, i) => {
        const box = {
          left: wide * (i % columns(width)), top: style.panelHeight * Math.floor(i / columns(width)),
          width: wide, height: style.panelHeight,
        };
        frames[name] = panel(pen, box, name, run, earlier, across, zoom.y[name], look, Boolean(zoom.x));
      });
      if (pulled) pull(pen, look, pulled);
      else if (at) values(pen, look, at, frames, run, width, height);
      [look.training, look.validation, look.faint].forEach((shade, i) => (legend[i].firstChild.style.color = shade));
      legend[2].hidden = !earlier.length;
      again.hidden = !zoom.x;
      if (status.textContent !== run.status) status.textContent = run.status;
    },
  });
  const columns = (width) => Math.min(run.names.length, Math.max(1, Math.floor(width / style.panelWidth)), 2);
  view.node.tabIndex = 0;
  view.node.title = HOW;

  const under = (place) => Object.entries(frames).find(([, frame]) => frame.holds(place));
  const reset = () => (Object.assign(zoom, { x: null, y: {} }), view.ask());
  // Keep `share` of what is seen, around the place where `part` of the width lies left of it.
  const closer = (share, part = 0.5, shift = 0) => {
    const frame = Object.values(frames)[0], [low, high] = [frame.atX(frame.left), frame.atX(frame.right)];
    const wide = Math.max((high - low) * share, 0.02), left = low + (high - low - wide) * part + shift * (high - low);
    const [first, last] = [model.get("first"), Math.max(model.get("total"), model.get("first") + 1)];
    if (wide >= last - first) return reset();
    const begin = Math.max(first, Math.min(left, last - wide));
    zoom.x = [begin, begin + wide];
    zoom.y = {};
    view.ask();
  };
  again.addEventListener("click", reset);
  hover(view.node, (place) => ((at = place), view.ask()));
  drag(view.node, {
    begin: (place) => {
      const found = under(place);
      if (found) pulled = { name: found[0], frame: found[1], from: place, to: place };
      view.node.focus({ preventScroll: true });
      return Boolean(found);
    },
    move: (place) => ((pulled.to = place), view.ask()),
    end: () => {
      const { name, frame, from, to } = pulled;
      pulled = null;
      const clip = (v, a, b) => Math.max(a, Math.min(b, v));
      const xs = [from[0], to[0]].map((px) => frame.atX(clip(px, frame.left, frame.right))).sort((a, b) => a - b);
      const ys = [from[1], to[1]].map((px) => frame.atY(clip(px, frame.top, frame.bottom))).sort((a, b) => a - b);
      if (Math.abs(to[0] - from[0]) > 8) {
        zoom.x = xs;
        zoom.y = Math.abs(to[1] - from[1]) > 24 ? { [name]: ys } : {};
      }
      view.ask();
    },
  });
  view.node.addEventListener("dblclick", reset);
  view.node.addEventListener("wheel", (event) => {
    const found = document.activeElement === view.node && under([event.offsetX, event.offsetY]); // else the page scrolls
    if (!found) return;
    event.preventDefault();
    closer(event.deltaY < 0 ? 0.8 : 1.25, (event.offsetX - found[1].left) / (found[1].right - found[1].left));
  }, { passive: false });
  const keys = {
    "+": () => closer(0.8), "=": () => closer(0.8), "-": () => closer(1.25), 0: reset, Escape: reset,
    ArrowLeft: () => zoom.x && closer(1, 0, -0.2), ArrowRight: () => zoom.x && closer(1, 0, 0.2),
  };
  view.node.addEventListener("keydown", (event) => {
    if (!keys[event.key] || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    keys[event.key]();
  });
  return view;
}

const HOW = "Drag to zoom, double-click for the whole curve; by keyboard: plus, minus, arrows, 0.";

function mark(sign, text) {
  return make("span", {}, make("span", { "aria-hidden": "true", text: sign }), ` ${text}`);
}

// One metric: title and newest values above, then axes, earlier runs, the thin line, circles, squares.
function panel(pen, box, name, run, earlier, across, tall, look, zoomed) {
  const batches = run.batches[name] ?? [], training = run.epochs[name] ?? [], validation = run.epochs[`val_${name}`] ?? [];
  // The steep beginning fills the frame at first; once an epoch has ended, the frame fits what came after it.
  const settled = training.length && !zoomed ? batches.filter((point) => point[0] > across[0] + 1) : batches;
  const before = earlier.flatMap((one) => [one[name] ?? [], one[`val_${name}`] ?? []]);
  const seen = (points) => points.filter(([x, y]) => y !== null && x >= across[0] && x <= across[1]).map(([, y]) => y);
  const values = [settled, training, validation, ...before].flatMap(seen);
  const y = tall ?? [Math.min(...values, Infinity), Math.max(...values, -Infinity)];
  const options = { x: across, y, title: name, xlabel: "epoch", exact: Boolean(tall), whole: !zoomed };
  const frame = axes(pen, look, box, options);

  let right = frame.right;
  pen.textAlign = "right";
  for (const [points, colour, sign] of [[validation, look.validation, "■"], [training.length ? training : batches, look.training, "●"]]) {
    if (!points.length) continue;
    for (const [text, shade, gap] of [[short(points[points.length - 1][1]), look.text, 4], [sign, colour, 10]]) {
      pen.fillStyle = shade;
      pen.fillText(text, right, box.top + 14);
      right -= pen.measureText(text).width + gap;
    }
  }
  within(pen, frame, () => {
    before.forEach((points, i) => line(pen, points, frame, { colour: look.faint, width: look.line, alpha: 0.45, dash: i % 2 ? [6, 4] : [] }));
    line(pen, batches, frame, { colour: look.training, width: look.thin, alpha: 0.7, saw: true });
    line(pen, training, frame, { colour: look.training, width: look.line });
    line(pen, validation, frame, { colour: look.validation, width: look.line, dash: [6, 4] });
  });
  const dots = (points, colour, square) => {
    const inside = points.filter(([x, v]) => v !== null && frame.holds([frame.x(x), frame.y(v)]));
    if (inside.length <= 40) marks(pen, inside, frame, { colour, size: look.marker, square });
  };
  dots(training, look.training, false);
  dots(validation, look.validation, true);
  return frame;
}

function nearest(points, x) {
  let best = null;
  for (const point of points ?? []) if (best === null || Math.abs(point[0] - x) < Math.abs(best[0] - x)) best = point;
  return best;
}

// The values beside the pointer.
function values(pen, look, place, frames, run, width, height) {
  const found = Object.entries(frames).find(([, frame]) => frame.holds(place));
  if (!found) return;
  const [name, frame] = found, x = frame.atX(place[0]);
  const [thin, training, validation] = [run.batches[name], run.epochs[name], run.epochs[`val_${name}`]].map((all) => nearest(all, x));
  const point = training ?? thin;
  if (!point) return;
  const fine = thin && (!training || Math.abs(thin[0] - x) < 0.5 * Math.abs(training[0] - x));
  const lines = fine
    ? [`epoch ${thin[0].toFixed(2)}`, `within the epoch: ${short(thin[1], 4)}`]
    : [`epoch ${point[0]}`, `training: ${short(point[1], 4)}`];
  if (!fine && validation && validation[0] === point[0]) lines.push(`validation: ${short(validation[1], 4)}`);
  pen.strokeStyle = look.faint;
  const px = frame.x(fine ? thin[0] : point[0]);
  rule(pen, px, frame.top, px, frame.bottom);
  note(pen, look, lines, [px, place[1]], width, height);
}

// The rectangle that is being pulled open.
function pull(pen, look, { frame, from, to }) {
  const flat = Math.abs(to[1] - from[1]) <= 24;
  const [top, bottom] = flat ? [frame.top, frame.bottom] : [from[1], to[1]];
  pen.save();
  Object.assign(pen, { globalAlpha: 0.2, fillStyle: look.faint });
  pen.fillRect(from[0], top, to[0] - from[0], bottom - top);
  pen.restore();
}
