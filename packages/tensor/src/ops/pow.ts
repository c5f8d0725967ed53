import { apply1 } from "../apply.ts";
import type { Op } from "../op.ts";
import type { Tensor } from "../tensor.ts";
import { defineElementwise, floats } from "./define.ts";
import { equal } from "./equal.ts";
import { full } from "./full.ts";
import { greaterEqual } from "./greaterEqual.ts";
import { log } from "./log.ts";
import { logicalAnd } from "./logicalAnd.ts";
import { mul } from "./mul.ts";
import { type Operand, operands } from "./operand.ts";
import { rsqrt } from "./rsqrt.ts";
import { sqrt } from "./sqrt.ts";
import { sub } from "./sub.ts";
import { sumTo } from "./sumTo.ts";
import { where } from "./where.ts";

export const powOp: Op<object> = defineElementwise({
  name: "pow",
  arity: 2,
  accepts: floats,
  scalar: powOf,
  grad: ({ grad, output, needs }, x, y) => [
    // x⁰ is 1 everywhere and 0^y is 0 for y > 0 (of 0⁰, take the side on which it is), where the formulas would give 0 · ∞.
    needs(0) ? sumTo(where(equal(y, 0), 0, mul(grad, mul(y, pow(x, sub(y, 1))))), x.shape) : null,
    needs(1)
      ? sumTo(where(logicalAnd(equal(x, 0), greaterEqual(y, 0)), 0, mul(grad, mul(output, log(x)))), y.shape)
      : null,
  ],
  samples: [
    {
      attrs: {},
      inputs: [
        { shape: [2, 3], range: [0.3, 2] },
        { shape: [3], range: [-2, 3] },
      ],
    },
  ],
});

/** As in C: 1 to any power, and -1 to an infinite one, is 1. */
function powOf(x: number, y: number): number {
  return x === 1 || (x === -1 && Math.abs(y) === Number.POSITIVE_INFINITY) ? 1 : x ** y;
}

/**
 * x^y, element-wise; the operands broadcast together, the result has their {@link resultType}. Of integers the exponent
 * has to be a number.
 * @throws {ShapeError} if the shapes do not broadcast.
 * @throws {DTypeError} if neither operand is float, unless the exponent is a number >= 0.
 * Source: https://pytorch.org/docs/stable/generated/torch.pow.html
 *
 * @example
 * ```ts
 * import { pow, tensor } from "@graftjs/tensor";
 *
 * console.log(pow(tensor([1, 2, 3]), 2).toNested()); // [1, 4, 9]
 * console.log(pow(2, tensor([-1, 0.5])).toNested()); // [0.5, 1.4142]
 * ```
 */
export function pow(x: Operand, y: Operand): Tensor {
  const [base, exponent] = operands(x, y) as [Tensor, Tensor];
  if (base.dtype === "int32" && typeof y === "number" && y >= 0) return integerPower(base, y);
  // As PyTorch has it: they differ from powers at -0 and -Infinity.
  if (y === 0.5) return sqrt(base);
  if (y === -0.5) return rsqrt(base);
  return apply1(powOp, [base, exponent], {});
}

/** By squaring; wraps around. */
function integerPower(x: Tensor, exponent: number): Tensor {
  let result: Tensor | undefined;
  let square = x;
  for (let rest = exponent; rest > 0; rest = Math.floor(rest / 2)) {
    if (rest % 2 === 1) result = result ? mul(result, square) : square;
    if (rest > 1) square = mul(square, square);
  }
  return result ?? full(x.shape, 1, { dtype: x.dtype });
}
