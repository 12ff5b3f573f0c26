// The live loss curve. Points come by message and are appended; the canvas is redrawn once a frame at most.

export default () => {
  const run = { batches: {}, epochs: {}, names: ["loss"], status: "starting", say: "" };
  const views = new Set();
  return {
    initialize({ model }) {
      model.on("msg:custom", (message) => {
        append(run.batches, message.batches);
        append(run.epochs, message.epochs);
        run.names = message.names.length ? message.names : run.names;
        run.status = message.status;
        run.say = message.say;
        views.forEach((view) => view.ask());
      });
    },
    render({ model, el }) {
      const view = new View(model, el, run);
      views.add(view);
      return () => (views.delete(view), view.close());
    },
  };
};

const LONGEST = 4000;

function append(series, fresh) {
  for (const [name, points] of Object.entries(fresh)) {
    const all = (series[name] ??= []);
    all.push(...points);
    if (all.length > LONGEST) series[name] = all.filter((_, i) => i % 2 === 0);
  }
}

class View {
  constructor(model, el, run) {
    Object.assign(this, { model, run, style: model.get("style_") });
    this.head = document.createElement("div");
    this.head.className = "kerastutor-legend";
    this.canvas = document.createElement("canvas");
    this.canvas.setAttribute("role", "img");
    this.canvas.className = "kerastutor-live-loss";
    Object.assign(this.canvas.style, { display: "block", width: "100%" });
    Object.assign(this.head.style, {
      display: "flex", flexWrap: "wrap", columnGap: "1.2em", padding: "2px 6px", minHeight: "1.4em",
      fontSize: `${this.style.fontSize}px`, fontFamily: "var(--jp-ui-font-family, sans-serif)",
      color: "var(--jp-ui-font-color1, #333)",
    });
    this.legend = [label("●", "training"), label("■", "validation")];
    this.status = document.createElement("span");
    this.head.append(...this.legend, this.status);
    Object.assign(this.status.style, { marginLeft: "auto", fontVariantNumeric: "tabular-nums" });
    el.append(this.head, this.canvas);
    this.resized = new ResizeObserver(() => this.ask());
    this.resized.observe(el);
    this.themed = new MutationObserver(() => this.ask());
    this.themed.observe(document.body, { attributes: true, attributeFilter: ["data-jp-theme-name", "data-jp-theme-light"] });
    this.ask();
  }

  close() {
    this.resized.disconnect();
    this.themed.disconnect();
    cancelAnimationFrame(this.frame);
  }

  ask() {
    this.frame ??= requestAnimationFrame(() => {
      this.frame = undefined;
      this.draw();
    });
  }

  draw() {
    const { canvas, run, style } = this;
    const width = canvas.clientWidth;
    if (!width) return;
    const columns = Math.min(run.names.length, Math.max(1, Math.floor(width / style.panelWidth)), 2);
    const height = style.panelHeight * Math.ceil(run.names.length / columns);
    const scale = window.devicePixelRatio || 1;
    if (canvas.width !== Math.round(width * scale) || canvas.height !== Math.round(height * scale)) {
      canvas.width = Math.round(width * scale);
      canvas.height = Math.round(height * scale);
      canvas.style.height = `${height}px`;
    }
    const css = getComputedStyle(canvas);
    const colour = (name, otherwise) => css.getPropertyValue(name).trim() || otherwise;
    const pen = canvas.getContext("2d");
    pen.setTransform(scale, 0, 0, scale, 0, 0);
    pen.clearRect(0, 0, width, height);
    const dark = document.body.dataset.jpThemeLight === "false" ? 1 : 0;
    const look = {
      ...style,
      training: style.training[dark],
      validation: style.validation[dark],
      text: colour("--jp-ui-font-color1", "#333"),
      faint: colour("--jp-ui-font-color2", "#777"),
      grid: colour("--jp-border-color2", "#ddd"),
      font: `${style.fontSize}px ${colour("--jp-ui-font-family", "sans-serif")}`,
    };
    const across = [this.model.get("first"), Math.max(this.model.get("total"), this.model.get("first") + 1)];
    run.names.forEach((name, i) => {
      const box = {
        left: (width / columns) * (i % columns), top: style.panelHeight * Math.floor(i / columns),
        width: width / columns, height: style.panelHeight,
      };
      panel(pen, box, name, run, across, look);
    });
    [look.training, look.validation].forEach((shade, i) => (this.legend[i].firstChild.style.color = shade));
    this.status.textContent = run.status;
    canvas.setAttribute("aria-label", run.say || "Loss curve: training is about to start.");
  }
}

function label(sign, text) {
  const span = document.createElement("span");
  const mark = Object.assign(document.createElement("span"), { textContent: sign });
  mark.setAttribute("aria-hidden", "true");
  span.append(mark, ` ${text}`);
  return span;
}

// One metric: title and newest values above, then axes, the thin line, circles, squares.
function panel(pen, box, name, run, across, look) {
  const batches = run.batches[name] ?? [], training = run.epochs[name] ?? [], validation = run.epochs[`val_${name}`] ?? [];
  // The steep beginning fills the frame at first; once an epoch has ended, the frame fits what came after it.
  const settled = training.length ? batches.filter((point) => point[0] > across[0] + 1) : batches;
  const values = [...settled, ...training, ...validation].map((point) => point[1]).filter((y) => y !== null);
  const ticks = steps(Math.min(...values, Infinity), Math.max(...values, -Infinity), 4);
  const frame = { left: box.left + 52, right: box.left + box.width - 16, top: box.top + 30, bottom: box.top + box.height - 40 };
  const x = (v) => frame.left + ((v - across[0]) / (across[1] - across[0])) * (frame.right - frame.left);
  const low = ticks[0], high = ticks[ticks.length - 1];
  const y = (v) => frame.bottom - ((v - low) / (high - low)) * (frame.bottom - frame.top);

  pen.textBaseline = "middle";
  pen.font = `600 ${look.font}`;
  pen.fillStyle = look.text;
  pen.textAlign = "left";
  pen.fillText(name, frame.left, box.top + 14);
  pen.font = look.font;
  pen.textAlign = "right";
  let right = frame.right;
  for (const [points, colour, sign] of [[validation, look.validation, "■"], [training.length ? training : batches, look.training, "●"]]) {
    if (!points.length) continue;
    const last = points[points.length - 1][1];
    const text = last === null ? "not finite" : last.toPrecision(3);
    pen.fillStyle = look.text;
    pen.fillText(text, right, box.top + 14);
    right -= pen.measureText(text).width + 4;
    pen.fillStyle = colour;
    pen.fillText(sign, right, box.top + 14);
    right -= pen.measureText(sign).width + 10;
  }

  pen.strokeStyle = look.grid;
  pen.fillStyle = look.faint;
  pen.lineWidth = 1;
  for (const tick of ticks) {
    rule(pen, frame.left, y(tick), frame.right, y(tick));
    pen.fillText(shorten(tick, ticks), frame.left - 6, y(tick));
  }
  pen.textAlign = "center";
  for (const tick of steps(across[0], across[1], 5, 1).filter((v) => v <= across[1])) {
    pen.fillText(tick, x(tick), frame.bottom + 13);
  }
  pen.fillText("epoch", (frame.left + frame.right) / 2, frame.bottom + 30);

  pen.save();
  pen.beginPath();
  pen.rect(frame.left, frame.top - 1, frame.right - frame.left, frame.bottom - frame.top + 2);
  pen.clip();
  line(pen, batches, x, y, { colour: look.training, width: look.thin, alpha: 0.7, saw: true });
  pen.restore();
  line(pen, training, x, y, { colour: look.training, width: look.line });
  line(pen, validation, x, y, { colour: look.validation, width: look.line, dash: [6, 4] });
  marks(pen, training, x, y, look.training, look.marker, false);
  marks(pen, validation, x, y, look.validation, look.marker, true);
}

function rule(pen, x0, y0, x1, y1) {
  pen.beginPath();
  pen.moveTo(x0, Math.round(y0) + 0.5);
  pen.lineTo(x1, Math.round(y1) + 0.5);
  pen.stroke();
}

// saw: begin anew with each epoch, as Keras's running mean does.
function line(pen, points, x, y, { colour, width, alpha = 1, dash = [], saw = false }) {
  pen.save();
  Object.assign(pen, { strokeStyle: colour, lineWidth: width, globalAlpha: alpha, lineJoin: "round" });
  pen.setLineDash(dash);
  pen.beginPath();
  let down = false;
  let before = -1;
  for (const [at, value] of points) {
    if (saw && Math.ceil(at) !== before) down = false;
    if (value !== null) down ? pen.lineTo(x(at), y(value)) : pen.moveTo(x(at), y(value));
    down = value !== null;
    before = Math.ceil(at);
  }
  pen.stroke();
  pen.restore();
}

function marks(pen, points, x, y, colour, size, square) {
  if (points.length > 40) return;
  pen.fillStyle = colour;
  for (const [at, value] of points) {
    if (value === null) continue;
    pen.beginPath();
    if (square) pen.rect(x(at) - size, y(value) - size, 2 * size, 2 * size);
    else pen.arc(x(at), y(value), size, 0, 2 * Math.PI);
    pen.fill();
  }
}

// Round numbers that cover low..high, about `count` steps, none smaller than `smallest`.
function steps(low, high, count, smallest = 0) {
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

function shorten(tick, ticks) {
  const step = ticks[1] - ticks[0];
  if (Math.abs(tick) >= 1e5 || (step < 1e-4 && tick)) return tick.toExponential(1);
  return tick.toFixed(Math.max(0, -Math.floor(Math.log10(step) + 1e-9)));
}
