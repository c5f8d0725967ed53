import { type Generator, numel, randomNormal, randomUniform, type Shape, type Tensor, tensor } from "@graftjs/tensor";
import { defaultGenerator } from "../defaultGenerator.ts";

/** A tensor drawn from U(low, high); by default U(0, 1). */
export function uniform(
  shape: Shape,
  options: { readonly low?: number; readonly high?: number; readonly generator?: Generator } = {},
): Tensor {
  const { low = 0, high = 1, generator = defaultGenerator() } = options;
  return randomUniform(shape, generator, low, high);
}

/** A tensor drawn from N(mean, std²); by default N(0, 1). */
export function normal(
  shape: Shape,
  options: { readonly mean?: number; readonly std?: number; readonly generator?: Generator } = {},
): Tensor {
  const { mean = 0, std = 1, generator = defaultGenerator() } = options;
  return randomNormal(shape, generator, mean, std);
}

/** A tensor filled with `value`. */
export function constant(shape: Shape, value: number): Tensor {
  return tensor(new Float32Array(numel(shape)).fill(value), shape);
}
