import { apply1 } from "../apply.ts";
import { DTypeError, ShapeError } from "../errors.ts";
import type { TensorSpec } from "../graph/graph.ts";
import type { Op } from "../op.ts";
import { equalShapes, formatShape } from "../shape.ts";
import type { Tensor } from "../tensor.ts";
import { checkSameDType, floats, oneOutput } from "./define.ts";
import { softmaxCrossEntropyGrad } from "./softmaxCrossEntropyGrad.ts";

/** @throws {ShapeError | DTypeError} unless `logits` are float [N, C], and `target` int32 [N]. */
function check(logits: TensorSpec, target: TensorSpec): void {
  const op = "softmaxCrossEntropy";
  checkSameDType(op, floats, logits.dtype);
  if (target.dtype !== "int32") throw new DTypeError({ op, expected: "int32 class indices", got: target.dtype });
  if (logits.shape.length !== 2 || !equalShapes(logits.shape.slice(0, 1), target.shape)) {
    const got = `${formatShape(logits.shape)} and ${formatShape(target.shape)}`;
    throw new ShapeError({ op, expected: "logits [N, C] and class indices [N]", got });
  }
}

export const softmaxCrossEntropyOp: Op<object> = {
  name: "softmaxCrossEntropy",
  kind: "kernel",
  infer: (_, logits, target) => {
    check(logits, target as TensorSpec);
    return oneOutput(logits.shape.slice(0, 1), logits);
  },
  grad: ({ grad }, logits, target) => [softmaxCrossEntropyGrad(grad, logits, target), null],
  reference: ({ output }, logits, target) => {
    const [rows, classes] = logits.shape as [number, number];
    for (let row = 0; row < rows; row++) {
      const c = target.data[row] as number;
      if (c < 0 || c >= classes) continue;
      const x = logits.data.subarray(row * classes, (row + 1) * classes) as Float64Array;
      const largest = x.reduce((max, v) => Math.max(max, v), Number.NEGATIVE_INFINITY);
      const total = x.reduce((sum, v) => sum + Math.exp(v - largest), 0);
      output.data[row] = Math.log(total) - ((x[c] as number) - largest);
    }
  },
  samples: [
    { attrs: {}, inputs: [[4, 5], { shape: [4], dtype: "int32", values: [3, 0, 4, 0] }] },
    { attrs: {}, inputs: [[3, 9], { shape: [3], dtype: "int32", values: [8, -100, 5] }] },
  ],
};

/**
 * Cross-entropy of softmax with one class a row: ln Σ_c e^logits[n, c] - logits[n, target[n]], without overflow.
 * @param logits [N, C] @param target class indices, int32 [N]; where it is no class, the loss is 0.
 * @returns losses [N]
 * @throws {ShapeError | DTypeError} if shapes or dtypes do not fit.
 * Source: https://pytorch.org/docs/stable/generated/torch.nn.functional.cross_entropy.html, with reduction "none"
 *
 * @example
 * ```ts
 * import { softmaxCrossEntropy, tensor } from "@graftjs/tensor";
 *
 * const target = tensor([1, 0], undefined, { dtype: "int32" });
 * console.log(softmaxCrossEntropy(tensor([[0, 0], [0, 1000]]), target).toNested()); // [0.6931, 1000]
 * ```
 */
export function softmaxCrossEntropy(logits: Tensor, target: Tensor): Tensor {
  return apply1(softmaxCrossEntropyOp, [logits, target], {});
}
