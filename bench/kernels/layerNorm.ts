import { layerNorm as normalize } from "@graftjs/tensor";
import { gradient, type Kernel } from "./kernel.ts";

/** [N, L, D] of ViT-Tiny and of BERT-mini. */
const shapes = [
  [8, 197, 192],
  [8, 128, 256],
] as const;

export const layerNorm: readonly Kernel[] = shapes.flatMap((shape) => {
  const forward: Kernel = {
    name: `${shape}`,
    shapes: [shape, [shape[2]], [shape[2]]],
    compute: (x, weight, bias) => normalize(x, weight, bias).y,
  };
  return [forward, { ...gradient(forward, 0, shape), name: `${shape}, forward and gradient` }];
});
