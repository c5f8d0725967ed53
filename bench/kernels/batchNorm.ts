import { batchNorm as normalize } from "@graftjs/tensor";
import { gradient, type Kernel } from "./kernel.ts";

/** [N, C, H, W] of the two ends of ResNet-18. */
const shapes = [
  [8, 64, 56, 56],
  [8, 512, 7, 7],
] as const;

/** With the batch's own statistics, as in training. */
export const batchNorm: readonly Kernel[] = shapes.flatMap((shape) => {
  const forward: Kernel = {
    name: `${shape}`,
    shapes: [shape, [shape[1]], [shape[1]]],
    compute: (x, weight, bias) => normalize(x, weight, bias).y,
  };
  return [forward, { ...gradient(forward, 0, shape), name: `${shape}, forward and gradient` }];
});
