import { apply1 } from "../apply.ts";
import { ShapeError } from "../errors.ts";
import type { TensorSpec } from "../graph/graph.ts";
import type { Op } from "../op.ts";
import { formatShape, normalizeAxis, numel } from "../shape.ts";
import type { Tensor } from "../tensor.ts";
import { checkSameDType, oneOutput } from "./define.ts";
import { operands } from "./operand.ts";
import { slice } from "./slice.ts";

export interface CatAttrs {
  readonly axis: number;
}

export const concatOp: Op<CatAttrs> = {
  name: "concat",
  kind: "kernel",
  infer: ({ axis }, ...inputs) => {
    const [first, ...rest] = inputs as [TensorSpec, ...TensorSpec[]];
    checkSameDType("concat", ["float32", "float64", "int32", "bool"], first.dtype, ...rest.map((t) => t.dtype));
    for (const t of rest) {
      if (t.shape.length !== first.shape.length || t.shape.some((d, i) => i !== axis && d !== first.shape[i])) {
        throw new ShapeError({
          op: "concat",
          expected: `shapes equal but for axis ${axis}`,
          got: inputs.map((s) => formatShape(s.shape)).join(" and "),
        });
      }
    }
    const total = inputs.reduce((n, t) => n + (t.shape[axis] as number), 0);
    return oneOutput(
      first.shape.map((d, i) => (i === axis ? total : d)),
      first,
    );
  },
  grad: ({ grad, attrs }, ...inputs) => {
    let start = 0;
    return inputs.map((t) => {
      const end = start + (t.shape[attrs.axis] as number);
      const part = slice(grad, attrs.axis, start, end);
      start = end;
      return part;
    });
  },
  reference: ({ attrs, output }, ...inputs) => {
    const row = numel(output.shape.slice(attrs.axis));
    let column = 0;
    for (const x of inputs) {
      const width = numel(x.shape.slice(attrs.axis));
      for (let i = 0; i < x.data.length; i++) {
        output.data[Math.floor(i / width) * row + column + (i % width)] = x.data[i] as number;
      }
      column += width;
    }
  },
  samples: [
    {
      attrs: { axis: 1 },
      inputs: [
        [2, 3],
        [2, 1],
        [2, 4],
      ],
    },
    {
      attrs: { axis: 0 },
      inputs: [
        [1, 3],
        [2, 3],
      ],
    },
    {
      attrs: { axis: 1 },
      inputs: [
        [2, 3, 2, 2],
        [2, 5, 2, 2],
      ],
    },
  ],
};

/**
 * Tensors one after the other along `axis`, in their {@link resultType}. One of shape [0] goes with tensors of any rank, and
 * is left out.
 * @throws {ShapeError} if the axis is out of range, or they differ in another.
 * Source: https://pytorch.org/docs/stable/generated/torch.cat.html
 *
 * @example
 * ```ts
 * import { concat, tensor } from "@graftjs/tensor";
 *
 * console.log(concat([tensor([[1, 2]]), tensor([[3, 4], [5, 6]])]).toNested()); // [[1, 2], [3, 4], [5, 6]]
 * console.log(concat([tensor([[1], [2]]), tensor([[3], [4]])], 1).toNested()); // [[1, 3], [2, 4]]
 * ```
 */
export function concat(tensors: readonly [Tensor, ...Tensor[]], axis = 0): Tensor {
  const all = operands(...tensors);
  const parts = all.filter((t) => t.rank !== 1 || t.size > 0);
  const first = parts[0] ?? (all[0] as Tensor);
  const attrs = { axis: normalizeAxis("concat", axis, first.rank) };
  return parts.length > 1 ? apply1(concatOp, parts, attrs) : first;
}
