import { add, exp, mul, relu, sub, tanh } from "@graftjs/tensor";
import type { Kernel } from "./kernel.ts";

const large = [8, 64, 112, 112];
const small = [8, 64, 28, 28];

/** Single operations, and chains that run as one. */
export const elementwise: readonly Kernel[] = [large, small].flatMap((shape): Kernel[] => [
  { name: `relu, ${shape}`, shapes: [shape], compute: (x) => relu(x) },
  { name: `add, ${shape}`, shapes: [shape, shape], compute: (a, b) => add(a, b) },
  { name: `exp, ${shape}`, shapes: [shape], compute: (x) => exp(x) },
  { name: `tanh, ${shape}`, shapes: [shape], compute: (x) => tanh(x) },
  {
    name: `scale, shift, add, relu, ${shape}`,
    shapes: [shape, [1, 64, 1, 1], [1, 64, 1, 1], shape],
    compute: (x, scale, shift, y) => relu(add(add(mul(x, scale), shift), y)),
  },
  {
    name: `SGD update, ${shape}`,
    shapes: [shape, shape],
    compute: (weight, velocity) => sub(weight, mul(velocity, 0.01)),
  },
]);
