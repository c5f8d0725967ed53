import { type DType, isFloat, numel, type SampleInput, type Shape, type Tensor, tensor } from "@graftjs/tensor";
import { permutation, uniformAt } from "./random.ts";

/** Kinks and steps of the ops lie at multiples of this; values keep a distance of {@link MARGIN} from them. */
const GRID = 0.5;
const MARGIN = 0.02;

/**
 * The values of one input of a sample, exact in float32. Floats without given values are all different, in random
 * order, spread evenly over their range, and away from the points where ops have kinks or steps (multiples of 0.5),
 * so that differences can be taken; those of different inputs (`seed`) differ, too.
 */
export function sampleValues(input: SampleInput, seed: number): readonly number[] {
  if (!isShape(input) && "values" in input) return input.values;
  const shape = isShape(input) ? input : input.shape;
  const [low, high] = isShape(input) ? [-2, 2] : input.range;
  const count = numel(shape);
  const step = (high - low) / count;
  return permutation(count, seed).map((cell) => {
    // Within the middle of its cell, so that neighbours stay apart.
    const value = low + (cell + 0.3 + 0.4 * uniformAt(seed + 1000, cell)) * step;
    const nearest = Math.round(value / GRID) * GRID;
    const distance = value - nearest;
    if (Math.abs(distance) >= MARGIN) return Math.fround(value);
    // Squeezed out of the forbidden zone without changing the order.
    const pushed = (MARGIN + Math.abs(distance) / 2) * (distance < 0 ? -1 : 1);
    return Math.fround(Math.min(Math.max(nearest + pushed, low), high));
  });
}

/** The inputs of a sample as tensors; float ones have dtype `float`, and require gradients if `requiresGrad`. */
export function sampleTensors(
  inputs: readonly SampleInput[],
  options: { readonly float?: DType; readonly requiresGrad?: boolean; readonly seed?: number } = {},
): Tensor[] {
  const { float = "float32", requiresGrad = false, seed = 1 } = options;
  return inputs.map((input, i) => {
    const given = isShape(input) || "range" in input ? "float32" : input.dtype;
    const free = isShape(input) || "range" in input;
    return tensor(sampleValues(input, seed + i) as number[], isShape(input) ? input : input.shape, {
      dtype: isFloat(given) ? float : given,
      requiresGrad: requiresGrad && free,
    });
  });
}

function isShape(input: SampleInput): input is Shape {
  return Array.isArray(input);
}
