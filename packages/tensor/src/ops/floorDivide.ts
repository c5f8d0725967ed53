import { apply1 } from "../apply.ts";
import type { Op } from "../op.ts";
import type { Tensor } from "../tensor.ts";
import { defineElementwise } from "./define.ts";
import { zerosLike } from "./full.ts";
import { type Operand, operands } from "./operand.ts";
import { sumTo } from "./sumTo.ts";

export const floorDivideOp: Op<object> = defineElementwise({
  name: "floorDivide",
  arity: 2,
  scalar: floorOfQuotient,
  grad: ({ grad }, x, y) => [sumTo(zerosLike(grad), x.shape), sumTo(zerosLike(grad), y.shape)],
  samples: [
    {
      attrs: {},
      inputs: [
        { shape: [2, 3], range: [-5, 5] },
        { shape: [3], range: [0.8, 1.6] },
      ],
    },
    {
      attrs: {},
      inputs: [
        { shape: [2, 2], dtype: "int32", values: [7, -7, 8, -1] },
        { shape: [2, 1], dtype: "int32", values: [3, -3] },
      ],
    },
  ],
});

/** Of the exact quotient, which x / y may have been rounded up from: x - (x mod y) is a multiple of y. */
function floorOfQuotient(x: number, y: number): number {
  if (y === 0) return x / y;
  const rest = x % y;
  let quotient = (x - rest) / y;
  if (rest !== 0 && rest < 0 !== y < 0) quotient -= 1;
  // Of a quotient between 0 and 1, what remains is a zero with the sign of x / y.
  return quotient === 0 ? 0 * (x / y) : Math.round(quotient);
}

/**
 * floor(x / y), element-wise, of the exact quotient; the operands broadcast together, int32 stays int32. The gradient is 0.
 * By 0 it is x / 0, and 0 for int32, where PyTorch throws.
 * @throws {ShapeError} if the shapes do not broadcast. @throws {DTypeError} if both operands are bool.
 * Source: https://pytorch.org/docs/stable/generated/torch.floor_divide.html
 *
 * @example
 * ```ts
 * import { floorDivide, tensor } from "@graftjs/tensor";
 *
 * console.log(floorDivide(tensor([-7, 7]), 2).toNested()); // [-4, 3]
 * ```
 */
export function floorDivide(x: Operand, y: Operand): Tensor {
  return apply1(floorDivideOp, operands(x, y), {});
}
