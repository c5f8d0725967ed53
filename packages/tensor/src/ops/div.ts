import { apply1 } from "../apply.ts";
import { isFloat } from "../dtype.ts";
import type { Op } from "../op.ts";
import type { Tensor } from "../tensor.ts";
import { add } from "./add.ts";
import { cast } from "./cast.ts";
import { defineElementwise, floats } from "./define.ts";
import { floorDivide } from "./floorDivide.ts";
import { fmod } from "./fmod.ts";
import { full } from "./full.ts";
import { less } from "./less.ts";
import { logicalAnd } from "./logicalAnd.ts";
import { mul } from "./mul.ts";
import { neg } from "./neg.ts";
import { notEqual } from "./notEqual.ts";
import { floatOperands, type Operand, operands } from "./operand.ts";
import { sumTo } from "./sumTo.ts";
import { trunc } from "./trunc.ts";
import { where } from "./where.ts";

export const divOp: Op<object> = defineElementwise({
  name: "div",
  arity: 2,
  accepts: floats,
  scalar: (x, y) => x / y,
  grad: ({ grad, output, needs }, x, y) => [
    needs(0) ? sumTo(div(grad, y), x.shape) : null,
    needs(1) ? sumTo(neg(mul(grad, div(output, y))), y.shape) : null,
  ],
  samples: [
    { attrs: {}, inputs: [[2, 3], { shape: [3], range: [0.5, 2] }] },
    { attrs: {}, inputs: [[4], { shape: [2, 1], range: [-2, -0.5] }] },
  ],
});

/** Options of {@link div}. */
export interface DivOptions {
  /** Default: none, x / y. `trunc` drops the fraction of the result, `floor` rounds it down; both leave int32 int32, and have the gradient 0. */
  readonly roundingMode?: "trunc" | "floor";
}

/**
 * x / y, element-wise; the operands broadcast together, the result has their {@link resultType}, or float32 where that is
 * int32 or bool.
 * @throws {ShapeError} if the shapes do not broadcast.
 * Source: https://pytorch.org/docs/stable/generated/torch.div.html
 *
 * @example
 * ```ts
 * import { div, tensor } from "@graftjs/tensor";
 *
 * console.log(div(tensor([-7, 7]), 2).toNested()); // [-3.5, 3.5]
 * console.log(div(tensor([-7, 7]), 2, { roundingMode: "trunc" }).toNested()); // [-3, 3]
 * console.log(div(tensor([-7, 7]), 2, { roundingMode: "floor" }).toNested()); // [-4, 3]
 * ```
 */
export function div(x: Operand, y: Operand, options: DivOptions = {}): Tensor {
  const { roundingMode } = options;
  if (roundingMode === "floor") return floorDivide(x, y);
  if (roundingMode === undefined) return apply1(divOp, floatOperands(x, y), {});
  const [a, b] = operands(x, y) as [Tensor, Tensor];
  if (isFloat(a.dtype)) {
    const quotient = trunc(apply1(divOp, [a.detach(), b.detach()], {}));
    // The gradient 0, which the quotient's own makes NaN where y is 0, comes by what is never taken.
    return where(full([], 1, { dtype: "bool" }), quotient, add(a, b));
  }
  // Rounded down, an integer quotient that is negative and not exact is one too low.
  const quotient = floorDivide(a, b);
  const low = logicalAnd(less(quotient, 0), notEqual(fmod(a, b), 0));
  return add(quotient, cast(low, a.dtype));
}
