import { apply1 } from "../apply.ts";
import { ArgumentError, ShapeError } from "../errors.ts";
import type { Op } from "../op.ts";
import { formatShape, stridesOf } from "../shape.ts";
import type { Tensor } from "../tensor.ts";
import { oneOutput } from "./define.ts";
import { selectIndices } from "./indexSelect.ts";
import { offsetsOf } from "./reduce.ts";
import { sliceOp } from "./slice.ts";

/** For each axis: how many elements of `value` go before and after, and between each two. */
export interface PadAttrs {
  readonly padding: readonly (readonly [before: number, after: number])[];
  readonly interior: readonly number[];
  readonly value: number;
}

export const padOp: Op<PadAttrs> = {
  name: "pad",
  kind: "kernel",
  infer: ({ padding, interior }, x) => {
    checkPadding(padding, x);
    return oneOutput(
      x.shape.map((d, i) => {
        const [before, after] = padding[i] as readonly [number, number];
        return d + before + after + Math.max(0, d - 1) * (interior[i] as number);
      }),
      x,
    );
  },
  grad: ({ grad, attrs: { padding, interior } }, x) => [
    apply1(sliceOp, [grad], {
      starts: padding.map(([before]) => before),
      sizes: x.shape,
      steps: interior.map((between) => between + 1),
    }),
  ],
  reference: ({ attrs: { padding, interior, value }, output }, x) => {
    output.data.fill(value);
    const strides = stridesOf(output.shape);
    const base = padding.reduce((sum, [before], i) => sum + before * (strides[i] as number), 0);
    const offsets = offsetsOf(
      x.shape,
      strides.map((s, i) => s * ((interior[i] as number) + 1)),
    );
    for (let i = 0; i < offsets.length; i++) output.data[base + (offsets[i] as number)] = x.data[i] as number;
  },
  samples: [
    {
      attrs: {
        padding: [
          [1, 0],
          [2, 3],
        ],
        interior: [0, 0],
        value: 0,
      },
      inputs: [[2, 3]],
    },
    {
      attrs: {
        padding: [
          [0, 0],
          [0, 0],
          [1, 1],
          [0, 2],
        ],
        interior: [0, 0, 0, 0],
        value: -1.5,
      },
      inputs: [[1, 2, 3, 2]],
    },
    {
      attrs: {
        padding: [
          [0, 0],
          [1, 2],
        ],
        interior: [1, 2],
        value: 0.5,
      },
      inputs: [[3, 2]],
    },
  ],
};

function checkPadding(padding: readonly (readonly [number, number])[], { shape }: Pick<Tensor, "shape">): void {
  if (padding.length === shape.length && padding.flat().every((p) => Number.isInteger(p) && p >= 0)) return;
  throw new ShapeError({
    op: "pad",
    expected: `two integers >= 0 for each of ${shape.length} axes`,
    got: JSON.stringify(padding),
  });
}

/** Options of {@link pad}. */
export interface PadOptions {
  /**
   * What the new elements are: `"constant"` (default) `value`; `"reflect"` the image in the edge, which is not repeated;
   * `"replicate"` the edge; `"circular"` what comes at the other end.
   */
  readonly mode?: "constant" | "reflect" | "replicate" | "circular";
  /** Default 0. */
  readonly value?: number;
}

/**
 * `x` with elements around it: `padding[i]` of them before and after axis i.
 *
 * PyTorch lists the last axis first, reflects and replicates the last three axes alone, and crops where a number is negative.
 * @param options a value to fill with, or the mode.
 * @throws {ShapeError} if a number is negative, not every axis has its pair, or the image or the other end is not that long:
 * size - 1 to reflect, size to go around, and an element to replicate.
 * @throws {ArgumentError} if the mode is none of these.
 * Source: https://pytorch.org/docs/stable/generated/torch.nn.functional.pad.html
 *
 * @example
 * ```ts
 * import { pad, tensor } from "@graftjs/tensor";
 *
 * const x = tensor([[1, 2, 3]]);
 * console.log(pad(x, [[0, 1], [1, 0]]).toNested()); // [[0, 1, 2, 3], [0, 0, 0, 0]]
 * console.log(pad(x, [[0, 0], [2, 1]], { mode: "reflect" }).toNested()); // [[3, 2, 1, 2, 3, 2]]
 * ```
 */
export function pad(
  x: Tensor,
  padding: readonly (readonly [before: number, after: number])[],
  options: number | PadOptions = 0,
): Tensor {
  checkPadding(padding, x);
  if (padding.flat().every((p) => p === 0)) return x;
  const { mode = "constant", value = 0 } = typeof options === "number" ? { value: options } : options;
  if (mode === "constant") return apply1(padOp, [x], { padding, interior: x.shape.map(() => 0), value });
  const source = sources[mode];
  if (!source) {
    const expected = `a mode out of constant, ${Object.keys(sources).join(", ")}`;
    throw new ArgumentError({ op: "pad", expected, got: String(mode) });
  }
  return padding.reduce((y, [before, after], axis) => {
    const size = x.shape[axis] as number;
    if (before === 0 && after === 0) return y;
    if (Math.max(before, after) > source.most(size)) {
      throw new ShapeError({
        op: "pad",
        expected: `at most ${source.most(size)} elements at each end of axis ${axis} of ${formatShape(x.shape)} in mode ${mode}`,
        got: `${before} and ${after}`,
      });
    }
    return selectIndices(
      y,
      Int32Array.from({ length: before + size + after }, (_, i) => source.at(i - before, size)),
      axis,
    );
  }, x);
}

/** Which element lies at place i < 0 or i >= size, and how far beyond the ends there are some. */
const sources: {
  readonly [mode: string]: { at(i: number, size: number): number; most(size: number): number } | undefined;
} = {
  reflect: { at: (i, size) => (i < 0 ? -i : i < size ? i : 2 * (size - 1) - i), most: (size) => Math.max(0, size - 1) },
  replicate: {
    at: (i, size) => Math.min(Math.max(i, 0), size - 1),
    most: (size) => (size > 0 ? Number.POSITIVE_INFINITY : 0),
  },
  circular: { at: (i, size) => (i + size) % size, most: (size) => size },
};
