import { apply1 } from "../apply.ts";
import { ArgumentError, ShapeError } from "../errors.ts";
import type { Op } from "../op.ts";
import { formatShape, normalizeAxis, stridesOf } from "../shape.ts";
import type { Tensor } from "../tensor.ts";
import { oneOutput } from "./define.ts";
import { padOp } from "./pad.ts";
import { offsetsOf } from "./reduce.ts";

/** For each axis: the first index, how many indices, and what lies between one and the next; negative steps go down. */
export interface SliceAttrs {
  readonly starts: readonly number[];
  readonly sizes: readonly number[];
  readonly steps: readonly number[];
}

export const sliceOp: Op<SliceAttrs> = {
  name: "slice",
  kind: "kernel",
  infer: ({ starts, sizes, steps }, x) => {
    const fits = x.shape.every((d, i) => {
      const [start, size, step] = [starts[i] ?? -1, sizes[i] ?? -1, steps[i] ?? 0];
      const last = start + (size - 1) * step;
      return start >= 0 && step !== 0 && (size === 0 ? start <= d : size > 0 && start < d && last >= 0 && last < d);
    });
    if (!fits || starts.length !== x.shape.length) {
      throw new ShapeError({
        op: "slice",
        expected: `a range inside of ${formatShape(x.shape)}`,
        got: `starts ${formatShape(starts)}, sizes ${formatShape(sizes)}, steps ${formatShape(steps)}`,
      });
    }
    return oneOutput(sizes, x);
  },
  // Back to where it came from, zeros between. What was taken backwards is turned around first.
  grad: ({ grad, attrs: { starts, sizes, steps } }, x) => {
    const down = steps.flatMap((step, i) => (step < 0 ? [i] : []));
    const padding = x.shape.map((d, i) => {
      const [start, size, step] = [starts[i] as number, sizes[i] as number, steps[i] as number];
      if (size === 0) return [0, d] as const;
      const last = start + (size - 1) * step;
      return [Math.min(start, last), d - 1 - Math.max(start, last)] as const;
    });
    const interior = steps.map((step) => Math.abs(step) - 1);
    return [apply1(padOp, [reverse(grad, down)], { padding, interior, value: 0 })];
  },
  reference: ({ attrs: { starts, sizes, steps }, output }, x) => {
    const strides = stridesOf(x.shape);
    const base = starts.reduce((sum, s, i) => sum + s * (strides[i] as number), 0);
    const offsets = offsetsOf(
      sizes,
      strides.map((s, i) => s * (steps[i] as number)),
    );
    for (let i = 0; i < offsets.length; i++) output.data[i] = x.data[base + (offsets[i] as number)] as number;
  },
  samples: [
    { attrs: { starts: [1, 0], sizes: [2, 3], steps: [1, 1] }, inputs: [[4, 3]] },
    { attrs: { starts: [0, 2, 1], sizes: [2, 1, 3], steps: [1, 1, 1] }, inputs: [[2, 4, 5]] },
    { attrs: { starts: [1, 6], sizes: [2, 3], steps: [2, -3] }, inputs: [[4, 7]] },
  ],
};

/** With the order of elements along `axes` (non-negative) turned around. */
export function reverse(x: Tensor, axes: readonly number[]): Tensor {
  if (axes.every((axis) => (x.shape[axis] as number) < 2)) return x;
  return apply1(sliceOp, [x], {
    starts: x.shape.map((d, i) => (axes.includes(i) ? Math.max(0, d - 1) : 0)),
    sizes: x.shape,
    steps: x.shape.map((_, i) => (axes.includes(i) ? -1 : 1)),
  });
}

/**
 * Indices `start`, `start + step`, … up to, not including, `end` along `axis`, as Python's `x[start:end:step]`: negative
 * bounds count from the end, bounds beyond it are clipped. Without bounds, all there are in the direction of `step`.
 *
 * PyTorch takes no negative steps.
 * @throws {ShapeError} if the axis is out of range. @throws {ArgumentError} if a number is no integer, or the step is 0.
 * Source: https://docs.python.org/3/reference/expressions.html#slicings
 *
 * @example
 * ```ts
 * import { arange, slice } from "@graftjs/tensor";
 *
 * console.log(slice(arange(6), 0, 1, -1).toNested()); // [1, 2, 3, 4]
 * console.log(slice(arange(6), 0, undefined, undefined, -2).toNested()); // [5, 3, 1]
 * ```
 */
export function slice(x: Tensor, axis: number, start?: number, end?: number, step = 1): Tensor {
  const at = normalizeAxis("slice", axis, x.rank);
  const size = x.shape[at] as number;
  if (step === 0 || ![start ?? 0, end ?? 0, step].every(Number.isInteger)) {
    throw new ArgumentError({
      op: "slice",
      expected: "integers, and a step that is not 0",
      got: `start ${start}, end ${end}, step ${step}`,
    });
  }
  // Going down, the range ends before index 0, that is at -1.
  const [low, high] = step > 0 ? [0, size] : [-1, size - 1];
  const bound = (i: number): number => Math.min(Math.max(i < 0 ? i + size : i, low), high);
  const from = start === undefined ? (step > 0 ? low : high) : bound(start);
  const to = end === undefined ? (step > 0 ? high : low) : bound(end);
  const length = Math.max(0, Math.ceil((to - from) / step));
  if (from === 0 && length === size) return x;
  return apply1(sliceOp, [x], {
    starts: x.shape.map((_, i) => (i === at && length > 0 ? from : 0)),
    sizes: x.shape.map((d, i) => (i === at ? length : d)),
    steps: x.shape.map((_, i) => (i === at ? step : 1)),
  });
}
