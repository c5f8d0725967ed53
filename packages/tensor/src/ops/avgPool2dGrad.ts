import { apply1 } from "../apply.ts";
import type { Op } from "../op.ts";
import { avgPool2dOp } from "./avgPool2d.ts";
import { oneOutput } from "./define.ts";
import { divisorOf, type PoolGradAttrs, poolAttrs, poolWindows } from "./pool.ts";

/** Spreads each gradient [N, C, H', W'] evenly over its window. */
export const avgPool2dGradOp: Op<PoolGradAttrs> = {
  name: "avgPool2dGrad",
  kind: "kernel",
  infer: ({ inputSize }, grad) => oneOutput([...grad.shape.slice(0, 2), ...inputSize], grad),
  grad: ({ grad: outer, attrs: { inputSize: _, ...pool } }) => [apply1(avgPool2dOp, [outer], pool)],
  reference: ({ attrs, output }, grad) => {
    const windows = poolWindows(attrs, attrs.inputSize, grad.shape.slice(2) as [number, number]);
    grad.data.forEach((g, i) => {
      const base = Math.floor(i / windows.length) * attrs.inputSize[0] * attrs.inputSize[1];
      const window = windows[i % windows.length] as { offsets: number[]; padded: number };
      const share = g / divisorOf(attrs, window);
      for (const offset of window.offsets) output.data[base + offset] = (output.data[base + offset] as number) + share;
    });
  },
  samples: [
    { attrs: { ...poolAttrs(2, {}), inputSize: [4, 6] }, inputs: [[2, 3, 2, 3]] },
    { attrs: { ...poolAttrs(3, { stride: 2, padding: 1 }), inputSize: [7, 8] }, inputs: [[1, 2, 4, 4]] },
    { attrs: { ...poolAttrs(3, { padding: 1, divisorOverride: 4 }), inputSize: [6, 7] }, inputs: [[1, 2, 2, 3]] },
  ],
};
