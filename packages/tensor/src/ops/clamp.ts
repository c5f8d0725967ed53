import { apply1 } from "../apply.ts";
import { isFloat } from "../dtype.ts";
import type { Op } from "../op.ts";
import type { Tensor } from "../tensor.ts";
import { defineElementwise, floats } from "./define.ts";
import { full } from "./full.ts";
import { greater } from "./greater.ts";
import { greaterEqual } from "./greaterEqual.ts";
import { less } from "./less.ts";
import { lessEqual } from "./lessEqual.ts";
import { logicalAnd } from "./logicalAnd.ts";
import { logicalOr } from "./logicalOr.ts";
import { maximum } from "./maximum.ts";
import { minimum } from "./minimum.ts";
import { type Operand, operands } from "./operand.ts";
import { sumTo } from "./sumTo.ts";
import { where } from "./where.ts";

export const clampOp: Op<object> = defineElementwise({
  name: "clamp",
  arity: 3,
  accepts: floats,
  scalar: clampOf,
  grad: ({ grad, needs }, x, low, high) => [
    needs(0) ? sumTo(where(logicalAnd(greaterEqual(x, low), lessEqual(x, high)), grad, 0), x.shape) : null,
    needs(1) ? sumTo(where(logicalAnd(less(x, low), less(low, high)), grad, 0), low.shape) : null,
    needs(2) ? sumTo(where(logicalOr(greater(x, high), less(high, low)), grad, 0), high.shape) : null,
  ],
  samples: [
    {
      attrs: {},
      inputs: [[2, 5], { shape: [], dtype: "float32", values: [-0.5] }, { shape: [], dtype: "float32", values: [1] }],
    },
  ],
});

/** min(max(x, low), high); NaN stays NaN. */
export function clampOf(x: number, low: number, high: number): number {
  return Math.min(Math.max(x, low), high);
}

/**
 * y = min(max(x, low), high), element-wise; the operands broadcast together, the result has their {@link resultType}. A bound
 * that is left out, or undefined, is none. The gradient is 1 on [low, high], bounds included, else 0; the bound that was
 * taken instead gets it.
 * @throws {ShapeError} if the shapes do not broadcast.
 * Source: https://pytorch.org/docs/stable/generated/torch.clamp.html
 *
 * @example
 * ```ts
 * import { clamp, tensor } from "@graftjs/tensor";
 *
 * console.log(clamp(tensor([-2, 0.5, 3]), -1, 1).toNested()); // [-1, 0.5, 1]
 * console.log(clamp(tensor([1, 5, 9]), tensor([2, 2, 2]), tensor([3, 6, 6])).toNested()); // [2, 5, 6]
 * ```
 */
export function clamp(x: Tensor, low?: Operand, high?: Operand): Tensor {
  const [a, ...bounds] = operands(x, ...[low, high].filter((bound) => bound !== undefined)) as [Tensor, ...Tensor[]];
  const [from, to] = [low === undefined ? undefined : bounds.shift(), bounds.shift()];
  if (isFloat(a.dtype)) {
    const none = (value: number): Tensor => full([], value, { dtype: a.dtype });
    const limits = [from ?? none(Number.NEGATIVE_INFINITY), to ?? none(Number.POSITIVE_INFINITY)];
    return apply1(clampOp, [a, ...limits], {});
  }
  const raised = from ? maximum(a, from) : a;
  return to ? minimum(raised, to) : raised;
}

/**
 * The larger of x and `low`: {@link clamp} without an upper bound.
 * @throws {ShapeError} if the shapes do not broadcast.
 * Source: https://pytorch.org/docs/stable/generated/torch.clamp_min.html
 *
 * @example
 * ```ts
 * import { clampMin, tensor } from "@graftjs/tensor";
 *
 * console.log(clampMin(tensor([-2, 0.5, 3]), -1).toNested()); // [-1, 0.5, 3]
 * ```
 */
export function clampMin(x: Tensor, low: Operand): Tensor {
  return clamp(x, low);
}

/**
 * The smaller of x and `high`: {@link clamp} without a lower bound.
 * @throws {ShapeError} if the shapes do not broadcast.
 * Source: https://pytorch.org/docs/stable/generated/torch.clamp_max.html
 *
 * @example
 * ```ts
 * import { clampMax, tensor } from "@graftjs/tensor";
 *
 * console.log(clampMax(tensor([-2, 0.5, 3]), 1).toNested()); // [-2, 0.5, 1]
 * ```
 */
export function clampMax(x: Tensor, high: Operand): Tensor {
  return clamp(x, undefined, high);
}
