import { apply1 } from "../apply.ts";
import type { Op } from "../op.ts";
import { adaptiveAvgPool2dOp } from "./adaptiveAvgPool2d.ts";
import { oneOutput } from "./define.ts";
import { adaptiveWindows } from "./pool.ts";

export interface AdaptivePoolGradAttrs {
  readonly inputSize: readonly [height: number, width: number];
}

/** Spreads each gradient [N, C, H', W'] evenly over its window. */
export const adaptiveAvgPool2dGradOp: Op<AdaptivePoolGradAttrs> = {
  name: "adaptiveAvgPool2dGrad",
  kind: "kernel",
  infer: ({ inputSize }, grad) => oneOutput([...grad.shape.slice(0, 2), ...inputSize], grad),
  grad: ({ grad: outer }, grad) => [
    apply1(adaptiveAvgPool2dOp, [outer], { outputSize: grad.shape.slice(2) as [number, number] }),
  ],
  reference: ({ attrs: { inputSize }, output }, grad) => {
    const windows = adaptiveWindows(inputSize, grad.shape.slice(2) as [number, number]);
    grad.data.forEach((g, i) => {
      const base = Math.floor(i / windows.length) * inputSize[0] * inputSize[1];
      const window = windows[i % windows.length] as number[];
      for (const offset of window)
        output.data[base + offset] = (output.data[base + offset] as number) + g / window.length;
    });
  },
  samples: [
    { attrs: { inputSize: [4, 5] }, inputs: [[2, 3, 1, 1]] },
    { attrs: { inputSize: [5, 7] }, inputs: [[1, 2, 2, 3]] },
  ],
};
