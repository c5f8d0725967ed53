import { logSoftmax, softmax } from "@graftjs/tensor";
import { gradient, type Kernel } from "./kernel.ts";

/** Logits of ten and of a thousand classes, and rows of attention. */
const shapes = [
  [64, 10],
  [64, 1000],
  [8, 3, 197, 197],
] as const;

export const softmaxes: readonly Kernel[] = shapes.flatMap((shape) => {
  const forward: Kernel = { name: `softmax, ${shape}`, shapes: [shape], compute: (x) => softmax(x) };
  return [
    forward,
    { ...gradient(forward, 0, shape), name: `softmax, ${shape}, forward and gradient` },
    { name: `log-softmax, ${shape}`, shapes: [shape], compute: (x) => logSoftmax(x) },
  ];
});
