// Numbers as pictures that can be clicked and walked over by the arrow keys, and as histograms.
import { canvas, hover, heat, ramp, note, short } from "./common.js";

// A number as it stands in a table, with a real minus sign.
export const plain = (v, digits = 4) => (v === null || v === undefined ? "–" : short(v, digits).replace("-", "−"));

// Maps of numbers beside one another; blue below 0, vermillion above, or dark to bright where none is below 0.
export function pictureView(parent, { style, label, pick, tiny = false, numbers = false }) {
  const signedRamp = ramp(style.diverging), plainRamp = ramp(tiny ? ["#000000", "#ffffff"] : style.sequential);
  let picture, grid, over = null;
  const layout = (width) => {
    const { maps, rows, columns } = picture;
    const across = tiny ? 1 : Math.max(1, Math.min(maps, Math.floor(width / (maps > 1 ? Math.max(columns * 2, 64) + 6 : width))));
    const lines = Math.ceil((tiny ? 1 : maps) / across);
    let sx = (width - 6 * (across - 1)) / across / columns, sy;
    if (rows === 1 && maps === 1) (sx = Math.min(sx, 60)), (sy = tiny ? 20 : 30);
    else {
      const tall = tiny ? 56 : maps > 1 ? 120 : numbers ? 140 : 260;
      sx = sy = Math.min(sx, tall / rows, numbers ? 46 : 30);
      if (numbers) sy = Math.min(sy, 26);
    }
    grid = { across, lines, sx, sy, step: [columns * sx + 6, rows * sy + 6] };
    return lines * grid.step[1] + (tiny ? 0 : 22);
  };
  const corner = (m) => [(m % grid.across) * grid.step[0], Math.floor(m / grid.across) * grid.step[1]];
  const value = ([m, r, c]) => picture.values[(m * picture.rows + r) * picture.columns + c];
  const draw = (pen, { width, height, look }) => {
    if (!picture) return;
    layout(width);
    const { maps, rows, columns, low, high, values } = picture, below = low < 0;
    const top = below ? Math.max(-low, high) || 1 : high || 1, scale = { low: below ? -top : Math.min(low, 0), high: top, table: below ? signedRamp : plainRamp };
    for (let m = 0; m < (tiny ? 1 : maps); m++) {
      const [x, y] = corner(m), box = { left: x, top: y, width: columns * grid.sx, height: rows * grid.sy };
      heat(pen, box, values.subarray(m * rows * columns, (m + 1) * rows * columns), rows, columns, scale);
      pen.strokeStyle = look.grid;
      pen.strokeRect(x + 0.5, y + 0.5, box.width - 1, box.height - 1);
      if (!tiny && grid.sx >= (maps > 1 ? 30 : 24) && grid.sy >= 16) cells(pen, look, m, x, y, scale);
    }
    if (tiny) return;
    legend(pen, look, scale, width, height);
    for (const [at, colour, width_] of [[picture.at, look.text, 2], [over, look.faint, 1]]) if (at) mark(pen, look, at, colour, width_);
    if (over && !numbers) note(pen, look, hint(over), spot(over), width, height);
  };
  const cells = (pen, look, m, x, y, scale) => {
    Object.assign(pen, { font: look.font.replace(/^\S+/, "11px"), textAlign: "center", textBaseline: "middle" });
    for (let r = 0; r < picture.rows; r++) for (let c = 0; c < picture.columns; c++) {
      const v = value([m, r, c]), share = (v - scale.low) / (scale.high - scale.low || 1);
      if (!Number.isFinite(v)) { pen.fillStyle = look.faint; pen.fillText("0", x + (c + 0.5) * grid.sx, y + (r + 0.5) * grid.sy); continue; }
      pen.fillStyle = scale.low < 0 ? (Math.abs(share - 0.5) > 0.42 ? "#fff" : "#111") : share > 0.55 ? "#111" : "#fff";
      const text = [short(v, 2), v.toFixed(2), v.toFixed(1)].find((t) => pen.measureText(t).width < grid.sx - 2);
      if (text && (Number(text) || !v)) pen.fillText(text, x + (c + 0.5) * grid.sx, y + (r + 0.5) * grid.sy);
    }
  };
  const legend = (pen, look, { low, high, table }, width, height) => {
    const values = Float32Array.from({ length: 64 }, (_, i) => low + ((high - low) * i) / 63);
    const long = width < 180 ? 36 : 90;
    heat(pen, { left: 0, top: height - 14, width: long, height: 8 }, values, 1, 64, { low, high, table });
    Object.assign(pen, { font: look.font.replace(/^\S+/, "11px"), fillStyle: look.faint, textAlign: "left", textBaseline: "middle" });
    pen.fillText(`${short(low, 2)} to ${short(high, 2)}`, long + 6, height - 9);
  };
  const spot = ([m, r, c]) => [corner(m)[0] + (c + 0.5) * grid.sx, corner(m)[1] + (r + 0.5) * grid.sy];
  const mark = (pen, look, [m, r, c], colour, thick) => {
    const [x, y] = corner(m), side = [Math.max(grid.sx, 4), Math.max(grid.sy, 4)];
    pen.strokeStyle = look.page;
    pen.lineWidth = thick + 2;
    pen.strokeRect(x + c * grid.sx, y + r * grid.sy, ...side);
    pen.strokeStyle = colour;
    pen.lineWidth = thick;
    pen.strokeRect(x + c * grid.sx, y + r * grid.sy, ...side);
  };
  const hint = (at) => [`${picture.names[at[0]] ? `${picture.names[at[0]]}, ` : ""}${picture.rows > 1 ? `row ${at[1]}, column ${at[2]}` : `number ${at[2]}`}: ${plain(value(at))}`];
  const find = ([px, py]) => {
    if (!picture || !grid) return null;
    const m = Math.floor(py / grid.step[1]) * grid.across + Math.floor(px / grid.step[0]);
    if (m >= picture.maps || px > grid.across * grid.step[0]) return null;
    const [x, y] = corner(m), at = [m, Math.floor((py - y) / grid.sy), Math.floor((px - x) / grid.sx)];
    return at[1] >= 0 && at[1] < picture.rows && at[2] >= 0 && at[2] < picture.columns && Number.isFinite(value(at)) ? at : null;
  };
  const shown = canvas(parent, {
    style, draw, height: (width) => (picture ? layout(width) : 1),
    label: () => (picture ? `${label}: ${picture.maps} × ${picture.rows} × ${picture.columns} numbers from ${short(picture.low)} to ${short(picture.high)}${picture.at ? `; chosen: ${hint(picture.at)[0]}` : ""}` : label),
    className: "ki-picture",
  });
  if (!tiny) {
    const at = hover(shown.node, (p) => { over = p && find(p); shown.ask(); });
    if (pick) {
      const choose = (to) => { picture = { ...picture, at: to }; shown.ask(); pick(to); }; // the answer follows
      shown.node.tabIndex = 0;
      shown.node.style.cursor = "crosshair";
      shown.node.addEventListener("click", (event) => { const found = find(at(event)); if (found) choose(found); });
      shown.node.addEventListener("keydown", (event) => {
        const move = { ArrowLeft: [0, 0, -1], ArrowRight: [0, 0, 1], ArrowUp: [0, -1, 0], ArrowDown: [0, 1, 0], PageUp: [-1, 0, 0], PageDown: [1, 0, 0] }[event.key];
        if (!move || !picture) return;
        event.preventDefault();
        const from = picture.at ?? [0, 0, 0], most = [picture.maps, picture.rows, picture.columns];
        const to = from.map((v, i) => Math.max(0, Math.min(most[i] - 1, v + move[i])));
        if (Number.isFinite(value(to))) choose(to);
      });
    }
  }
  return { node: shown.node, close: shown.close, set(p, keep = false) {
    picture = keep && p && picture ? { ...p, at: picture.at } : p;
    over = null;
    shown.ask();
  } };
}

export function histogramView(parent, style) {
  let data;
  const shown = canvas(parent, {
    style, height: 64,
    label: () => (data ? `Histogram: ${data.say}` : ""),
    draw(pen, { width, height, look }) {
      if (!data) return;
      const most = Math.max(...data.counts, 1), base = height - 16, step = width / data.counts.length;
      pen.fillStyle = look.training;
      data.counts.forEach((n, i) => pen.fillRect(i * step + 0.5, base - (n / most) * (base - 4), Math.max(step - 1, 1), (n / most) * (base - 4)));
      pen.fillStyle = look.grid;
      pen.fillRect(0, base, width, 1);
      const { low, high } = data, zero = -low / (high - low);
      Object.assign(pen, { font: look.font.replace(/^\S+/, "11px"), fillStyle: look.faint, textBaseline: "middle" });
      if (zero > 0.12 && zero < 0.88) (pen.textAlign = "center"), pen.fillText("0", zero * width, base + 9), pen.fillRect(zero * width, 0, 1, base);
      (pen.textAlign = "left"), pen.fillText(short(low), 0, base + 9);
      (pen.textAlign = "right"), pen.fillText(short(high), width, base + 9);
    },
  });
  return { close: shown.close, set(d) { data = d; shown.ask(); } };
}
