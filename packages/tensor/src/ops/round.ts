import { apply1 } from "../apply.ts";
import type { Op } from "../op.ts";
import type { Tensor } from "../tensor.ts";
import { defineElementwise, floats } from "./define.ts";
import { zerosLike } from "./full.ts";

export const roundOp: Op<object> = defineElementwise({
  name: "round",
  arity: 1,
  accepts: floats,
  scalar: roundHalfEven,
  grad: ({ grad }) => [zerosLike(grad)],
  samples: [
    { attrs: {}, inputs: [[2, 3]] },
    { attrs: {}, inputs: [{ shape: [4], range: [-9, 9] }] },
  ],
});

/**
 * The nearest integer, element-wise; halves go to the even one. The gradient is 0.
 * @throws {DTypeError} if `x` is bool.
 * Source: https://pytorch.org/docs/stable/generated/torch.round.html
 *
 * @example
 * ```ts
 * import { round, tensor } from "@graftjs/tensor";
 *
 * console.log(round(tensor([0.5, 1.5, -2.5])).toNested()); // [0, 2, -2]
 * ```
 */
export function round(x: Tensor): Tensor {
  return x.dtype === "int32" ? x : apply1(roundOp, [x], {});
}

function roundHalfEven(x: number): number {
  if (x < 0) return -roundHalfEven(-x);
  const floor = Math.floor(x);
  const rest = x - floor;
  if (rest !== 0.5) return Math.round(x);
  return floor % 2 === 0 ? floor : floor + 1;
}
