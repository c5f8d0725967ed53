import { apply1 } from "../apply.ts";
import type { Op } from "../op.ts";
import type { Tensor } from "../tensor.ts";
import { greaterEqual } from "./greaterEqual.ts";
import { less } from "./less.ts";
import { logicalAnd } from "./logicalAnd.ts";
import { mul } from "./mul.ts";
import { oneHot } from "./oneHot.ts";
import { reshape } from "./reshape.ts";
import { softmax } from "./softmax.ts";
import { softmaxGrad } from "./softmaxGrad.ts";
import { sub } from "./sub.ts";
import { sum } from "./sum.ts";
import { where } from "./where.ts";

/** Gradient of softmaxCrossEntropy: dlogits = dy · (softmax(logits) - one-hot(target)); 0 where the target is no class. */
export const softmaxCrossEntropyGradOp: Op<object> = {
  name: "softmaxCrossEntropyGrad",
  kind: "kernel",
  infer: (_, __, logits) => [{ shape: logits?.shape ?? [], dtype: logits?.dtype ?? "float32" }],
  grad: ({ grad, needs }, dy, logits, target) => {
    const [rows, classes] = logits.shape as [number, number];
    const column = reshape(target, [rows, 1]);
    const counts = logicalAnd(greaterEqual(column, 0), less(column, classes));
    const p = softmax(logits);
    const slope = where(counts, mul(grad, sub(p, oneHot(target, classes, p.dtype))), 0);
    return [
      needs(0) ? sum(slope, { axes: 1 }) : null,
      needs(1) ? where(counts, softmaxGrad(mul(grad, reshape(dy, [rows, 1])), p, 1), 0) : null,
      null,
    ];
  },
  reference: ({ output }, dy, logits, target) => {
    const [rows, classes] = logits.shape as [number, number];
    for (let row = 0; row < rows; row++) {
      const c = target.data[row] as number;
      if (c < 0 || c >= classes) continue;
      const x = logits.data.subarray(row * classes, (row + 1) * classes) as Float64Array;
      const largest = x.reduce((max, v) => Math.max(max, v), Number.NEGATIVE_INFINITY);
      const total = x.reduce((sum, v) => sum + Math.exp(v - largest), 0);
      x.forEach((v, i) => {
        const p = Math.exp(v - largest) / total;
        output.data[row * classes + i] = (dy.data[row] as number) * (i === c ? p - 1 : p);
      });
    }
  },
  samples: [
    { attrs: {}, inputs: [[4], [4, 5], { shape: [4], dtype: "int32", values: [3, 0, 4, 0] }] },
    { attrs: {}, inputs: [[3], [3, 9], { shape: [3], dtype: "int32", values: [8, -100, 5] }] },
  ],
};

export function softmaxCrossEntropyGrad(dy: Tensor, logits: Tensor, target: Tensor): Tensor {
  return apply1(softmaxCrossEntropyGradOp, [dy, logits, target], {});
}
