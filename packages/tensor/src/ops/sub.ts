import { apply1 } from "../apply.ts";
import type { Op } from "../op.ts";
import type { Tensor } from "../tensor.ts";
import { binarySamples } from "./binary.ts";
import { defineElementwise } from "./define.ts";
import { neg } from "./neg.ts";
import { type Operand, operands } from "./operand.ts";
import { sumTo } from "./sumTo.ts";

export const subOp: Op<object> = defineElementwise({
  name: "sub",
  arity: 2,
  scalar: (x, y) => x - y,
  grad: ({ grad }, x, y) => [sumTo(grad, x.shape), sumTo(neg(grad), y.shape)],
  samples: binarySamples,
});

/**
 * x - y, element-wise; the operands broadcast together, the result has their {@link resultType}.
 * @throws {ShapeError} if the shapes do not broadcast. @throws {DTypeError} if both operands are bool.
 * Source: https://pytorch.org/docs/stable/generated/torch.sub.html
 *
 * @example
 * ```ts
 * import { sub, tensor } from "@graftjs/tensor";
 *
 * console.log(sub(tensor([[1, 2], [3, 4]]), tensor([[1], [2]])).toNested()); // [[0, 1], [1, 2]]
 * console.log(sub(1, tensor([0.25, 1])).toNested()); // [0.75, 0]
 * ```
 */
export function sub(x: Operand, y: Operand): Tensor {
  return apply1(subOp, operands(x, y), {});
}
