// Buttons and a slider above the live curves.
import { widget, make, row, button, enable, slider, short } from "./common.js";
import { newRun, take, chart } from "./chart.js";

export default widget({
  start: newRun,
  message: take,
  view({ model, root, shared, send, dispose }) {
    const press = (name) => () => send(name);
    const buttons = {
      play: button({ text: "▶ Play", label: "Play: train on", press: press("play") }),
      pause: button({ text: "❚❚ Pause", label: "Pause after this batch", press: press("pause") }),
      one_batch: button({ text: "One batch", label: "One batch, then pause", press: press("one_batch") }),
      one_epoch: button({ text: "One epoch", label: "One epoch: to the end of the epoch, then pause", press: press("one_epoch") }),
      stop: button({ text: "■ Stop", label: "Stop training", press: press("stop") }),
      reset: button({ text: "↺ Reset", label: "Reset weights and optimizer to the start", press: press("reset") }),
    };
    const [min, max] = model.get("rates");
    const rate = slider({
      label: "learning rate", min, max, value: model.get("rate") ?? min, log: true,
      format: (v) => short(v, 3), change: (value) => send("rate", { value: Number(value.toPrecision(3)) }),
    });
    const scheduled = make("span", { className: "kt-faint", text: "learning rate: set by a schedule" });
    const state = make("span", { className: "kt-status", role: "status" });
    const bar = row(...Object.values(buttons));
    bar.setAttribute("role", "toolbar");
    bar.setAttribute("aria-label", "Training");
    root.append(bar, row(rate, scheduled, state));
    const curves = chart(root, shared, model);
    dispose(curves.close);
    return () => {
      const now = model.get("state"), running = now === "training" || now === "paused";
      enable(buttons.play, now !== "training");
      enable(buttons.pause, now === "training");
      enable(buttons.one_batch, now !== "training");
      enable(buttons.one_epoch, now !== "training");
      enable(buttons.stop, running);
      const given = model.get("rate");
      rate.hidden = given === null;
      scheduled.hidden = given !== null;
      if (given !== null) rate.set(given);
      const text = `${now} · ${model.get("backend")} backend`;
      if (state.textContent !== text) state.textContent = text;
      curves.ask();
    };
  },
});
