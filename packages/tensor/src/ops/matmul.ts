import { apply1 } from "../apply.ts";
import { ShapeError } from "../errors.ts";
import type { TensorSpec } from "../graph/graph.ts";
import type { Op } from "../op.ts";
import { broadcastShapes, broadcastStrides, formatShape, numel, type Shape } from "../shape.ts";
import type { Tensor } from "../tensor.ts";
import { checkSameDType, floats, oneOutput } from "./define.ts";
import { offsetsOf } from "./reduce.ts";
import { reshape, squeeze, unsqueeze } from "./reshape.ts";
import { sumTo } from "./sumTo.ts";

/** Whether the last two axes of an operand are read transposed. */
export interface MatmulAttrs {
  readonly transposeA: boolean;
  readonly transposeB: boolean;
}

/** What a product of stacks of matrices comes to: sizes, and for each output matrix the offsets of its operands. */
export interface MatmulGeometry {
  readonly m: number;
  readonly n: number;
  readonly k: number;
  readonly batch: Shape;
  readonly offsetsA: Int32Array;
  readonly offsetsB: Int32Array;
}

/**
 * What the product of `a` and `b` comes to: the sizes of its matrices, and where those of the operands are.
 * @throws {ShapeError} if the operands are not matrices, inner sizes differ, or batch axes do not broadcast.
 *
 * @example
 * ```ts
 * import { matmulGeometry, ones } from "@graftjs/tensor";
 *
 * const attrs = { transposeA: false, transposeB: true };
 * const { batch, m, n, k } = matmulGeometry(attrs, ones([5, 2, 3]), ones([4, 3]));
 * console.log(batch, m, n, k); // [5] 2 4 3
 * ```
 */
export function matmulGeometry(attrs: MatmulAttrs, a: TensorSpec, b: TensorSpec): MatmulGeometry {
  const [batchA, batchB] = [a.shape.slice(0, -2), b.shape.slice(0, -2)];
  const [r, c] = a.shape.slice(-2) as [number, number];
  const [s, d] = b.shape.slice(-2) as [number, number];
  const [m, k] = attrs.transposeA ? [c, r] : [r, c];
  const [inner, n] = attrs.transposeB ? [d, s] : [s, d];
  if (a.shape.length < 2 || b.shape.length < 2 || k !== inner) {
    throw new ShapeError({
      op: "matmul",
      expected: `[..., m, k] and [..., k, n]${attrs.transposeA || attrs.transposeB ? " after transposition" : ""}`,
      got: `${formatShape(a.shape)}${attrs.transposeA ? "ᵀ" : ""} and ${formatShape(b.shape)}${attrs.transposeB ? "ᵀ" : ""}`,
    });
  }
  const batch = broadcastShapes("matmul", batchA, batchB);
  const offsets = (own: Shape, size: number): Int32Array =>
    offsetsOf(batch, broadcastStrides(own, batch)).map((i) => i * size);
  return { m, n, k, batch, offsetsA: offsets(batchA, m * k), offsetsB: offsets(batchB, k * n) };
}

export const matmulOp: Op<MatmulAttrs> = {
  name: "matmul",
  kind: "kernel",
  infer: (attrs, a, b) => {
    checkSameDType("matmul", floats, a.dtype, b?.dtype as never);
    const { batch, m, n } = matmulGeometry(attrs, a, b as TensorSpec);
    return oneOutput([...batch, m, n], a);
  },
  grad: ({ grad, attrs: { transposeA, transposeB }, needs }, a, b) => {
    const product = (x: Tensor, y: Tensor, tx: boolean, ty: boolean): Tensor =>
      apply1(matmulOp, [x, y], { transposeA: tx, transposeB: ty });
    const da = () => (transposeA ? product(b, grad, transposeB, true) : product(grad, b, false, !transposeB));
    const db = () => (transposeB ? product(grad, a, true, transposeA) : product(a, grad, !transposeA, false));
    return [needs(0) ? sumTo(da(), a.shape) : null, needs(1) ? sumTo(db(), b.shape) : null];
  },
  reference: ({ attrs, output }, a, b) => {
    const { m, n, k, offsetsA, offsetsB } = matmulGeometry(attrs, a, b);
    const [rowA, stepA] = attrs.transposeA ? [1, m] : [k, 1];
    const [stepB, columnB] = attrs.transposeB ? [1, k] : [n, 1];
    for (let batch = 0; batch < offsetsA.length; batch++) {
      for (let i = 0; i < m; i++) {
        for (let j = 0; j < n; j++) {
          let total = 0;
          let atA = (offsetsA[batch] as number) + i * rowA;
          let atB = (offsetsB[batch] as number) + j * columnB;
          for (let p = 0; p < k; p++, atA += stepA, atB += stepB) {
            total += (a.data[atA] as number) * (b.data[atB] as number);
          }
          output.data[(batch * m + i) * n + j] = total;
        }
      }
    }
  },
  samples: [
    {
      attrs: { transposeA: false, transposeB: false },
      inputs: [
        [3, 5],
        [5, 4],
      ],
    },
    {
      attrs: { transposeA: true, transposeB: false },
      inputs: [
        [5, 3],
        [5, 4],
      ],
    },
    {
      attrs: { transposeA: false, transposeB: true },
      inputs: [
        [7, 9],
        [17, 9],
      ],
    },
    {
      attrs: { transposeA: true, transposeB: true },
      inputs: [
        [2, 5, 3],
        [2, 4, 5],
      ],
    },
    {
      attrs: { transposeA: false, transposeB: false },
      inputs: [
        [2, 1, 3, 5],
        [3, 5, 4],
      ],
    },
  ],
};

/** Options of {@link matmul}. */
export interface MatmulOptions {
  /** Read the last two axes of `a` transposed. */
  readonly transposeA?: boolean;
  /** Read the last two axes of `b` transposed. */
  readonly transposeB?: boolean;
}

/**
 * C = A · B over the last two axes: [..., m, k] and [..., k, n] give [..., m, n]; leading axes broadcast. A vector [k] is one
 * row as `a`, one column as `b`, and its axis of size 1 is not part of the result: two vectors give a scalar.
 * @throws {ShapeError} if inner sizes differ, leading axes do not broadcast, or a vector or scalar is to be transposed.
 * @throws {DTypeError} if not float.
 * Source: https://pytorch.org/docs/stable/generated/torch.matmul.html
 *
 * @example
 * ```ts
 * import { matmul, ones, tensor } from "@graftjs/tensor";
 *
 * console.log(matmul(tensor([[1, 2], [3, 4]]), tensor([[5], [6]])).toNested()); // [[17], [39]]
 * console.log(matmul(tensor([[1, 2]]), tensor([[3, 4]]), { transposeB: true }).toNested()); // [[11]]
 * console.log(matmul(ones([8, 1, 2, 3]), ones([5, 3, 4])).shape); // [8, 5, 2, 4]
 * ```
 */
export function matmul(a: Tensor, b: Tensor, options: MatmulOptions = {}): Tensor {
  const { transposeA = false, transposeB = false } = options;
  const attrs = { transposeA, transposeB };
  if (a.rank === 1 && !transposeA) return squeeze(matmul(unsqueeze(a, 0), b, options), b.rank === 1 ? 0 : -2);
  if (b.rank === 1 && !transposeB) return squeeze(matmul(a, unsqueeze(b, 1), options), -1);
  if (b.rank !== 2 || a.rank <= 2 || transposeA) return apply1(matmulOp, [a, b], attrs);
  // A stack times one matrix is one tall matrix times it.
  const rows = a.shape.slice(0, -1);
  const tall = apply1(matmulOp, [reshape(a, [numel(rows), a.shape[a.rank - 1] as number]), b], attrs);
  return reshape(tall, [...rows, tall.shape[1] as number]);
}
