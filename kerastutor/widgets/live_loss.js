// The live loss curve: nothing but the chart.
import { widget } from "./common.js";
import { newRun, take, chart } from "./chart.js";

export default widget({
  start: newRun,
  message: take,
  view({ model, root, shared, dispose }) {
    const curves = chart(root, shared, model);
    dispose(curves.close);
    return curves.ask;
  },
});
