import type { TensorSpec } from "../graph/graph.ts";
import type { NDArray } from "../op.ts";
import { normalizeAxes, type Shape, stridesOf } from "../shape.ts";
import type { Tensor } from "../tensor.ts";
import { expand } from "./expand.ts";
import { reshape } from "./reshape.ts";

/** Sorted, non-negative axes to reduce over; they stay with size 1 where `keepDims`. */
export interface ReduceAttrs {
  readonly axes: readonly number[];
  readonly keepDims: boolean;
}

/** Options of reductions. */
export interface ReduceOptions {
  /** Axes to reduce over, negative ones from the end; default all. */
  readonly axes?: number | readonly number[];
  /** Keep reduced axes with size 1. Default `false`. */
  readonly keepDims?: boolean;
}

export function reduceAttrs(op: string, x: TensorSpec, options: ReduceOptions): ReduceAttrs {
  return { axes: normalizeAxes(op, options.axes, x.shape.length), keepDims: options.keepDims ?? false };
}

/** Shape after reduction. */
export function reducedShape(shape: Shape, { axes, keepDims }: ReduceAttrs): number[] {
  return shape.flatMap((d, i) => (axes.includes(i) ? (keepDims ? [1] : []) : [d]));
}

/** A tensor of the reduced shape, repeated along the reduced axes to `shape`. */
export function unreduce(reduced: Tensor, shape: Shape, { axes }: ReduceAttrs): Tensor {
  return expand(reshape(reduced, reducedShape(shape, { axes, keepDims: true })), shape);
}

/** Calls `visit` for each output element with the offsets of the input elements that it is reduced from. */
export function forEachReduction(
  x: NDArray,
  axes: readonly number[],
  visit: (output: number, offsets: Int32Array) => void,
): void {
  const strides = stridesOf(x.shape);
  const kept = x.shape.map((_, i) => i).filter((i) => !axes.includes(i));
  const inner = offsetsOf(
    axes.map((i) => x.shape[i] as number),
    axes.map((i) => strides[i] as number),
  );
  const outer = offsetsOf(
    kept.map((i) => x.shape[i] as number),
    kept.map((i) => strides[i] as number),
  );
  const offsets = new Int32Array(inner.length);
  outer.forEach((base, output) => {
    for (let i = 0; i < inner.length; i++) offsets[i] = base + (inner[i] as number);
    visit(output, offsets);
  });
}

/** Offsets of all elements of a strided array, in row-major order. */
export function offsetsOf(shape: Shape, strides: readonly number[]): Int32Array {
  // Not by way of what the axes before the empty one would have.
  if (shape.includes(0)) return new Int32Array(0);
  let offsets = new Int32Array([0]);
  shape.forEach((size, axis) => {
    const next = new Int32Array(offsets.length * size);
    for (let i = 0; i < next.length; i++) {
      next[i] = (offsets[Math.floor(i / size)] as number) + (i % size) * (strides[axis] as number);
    }
    offsets = next;
  });
  return offsets;
}
