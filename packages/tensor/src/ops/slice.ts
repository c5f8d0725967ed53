import { apply1 } from "../apply.ts";
import { ShapeError } from "../errors.ts";
import type { Op } from "../op.ts";
import { formatShape, normalizeAxis, stridesOf } from "../shape.ts";
import type { Tensor } from "../tensor.ts";
import { oneOutput } from "./define.ts";
import { pad } from "./pad.ts";
import { offsetsOf } from "./reduce.ts";

/** For each axis: the first index, and how many indices, one after the other. */
export interface SliceAttrs {
  readonly starts: readonly number[];
  readonly sizes: readonly number[];
}

export const sliceOp: Op<SliceAttrs> = {
  name: "slice",
  kind: "kernel",
  infer: ({ starts, sizes }, x) => {
    const fits = x.shape.every((d, i) => {
      const [start, size] = [starts[i] ?? -1, sizes[i] ?? -1];
      return start >= 0 && size >= 0 && start + size <= d;
    });
    if (!fits || starts.length !== x.shape.length) {
      throw new ShapeError({
        op: "slice",
        expected: `a range inside of ${formatShape(x.shape)}`,
        got: `starts ${formatShape(starts)}, sizes ${formatShape(sizes)}`,
      });
    }
    return oneOutput(sizes, x);
  },
  grad: ({ grad, attrs }, x) => [
    pad(
      grad,
      x.shape.map((d, i) => {
        const start = attrs.starts[i] as number;
        return [start, d - start - (attrs.sizes[i] as number)] as const;
      }),
    ),
  ],
  reference: ({ attrs, output }, x) => {
    const strides = stridesOf(x.shape);
    const base = attrs.starts.reduce((sum, s, i) => sum + s * (strides[i] as number), 0);
    const offsets = offsetsOf(attrs.sizes, strides);
    for (let i = 0; i < offsets.length; i++) output.data[i] = x.data[base + (offsets[i] as number)] as number;
  },
  samples: [
    { attrs: { starts: [1, 0], sizes: [2, 3] }, inputs: [[4, 3]] },
    { attrs: { starts: [0, 2, 1], sizes: [2, 1, 3] }, inputs: [[2, 4, 5]] },
  ],
};

/**
 * Indices `start` up to, not including, `end` along `axis`; negative ones count from the end.
 * @throws {ShapeError} if the axis is out of range.
 * Source: https://pytorch.org/docs/stable/generated/torch.narrow.html
 */
export function slice(x: Tensor, axis: number, start: number, end?: number): Tensor {
  const at = normalizeAxis("slice", axis, x.rank);
  const size = x.shape[at] as number;
  const bound = (i: number): number => Math.min(Math.max(i < 0 ? i + size : i, 0), size);
  const from = bound(start);
  const length = Math.max(0, bound(end ?? size) - from);
  if (from === 0 && length === size) return x;
  return apply1(sliceOp, [x], {
    starts: x.shape.map((_, i) => (i === at ? from : 0)),
    sizes: x.shape.map((d, i) => (i === at ? length : d)),
  });
}
