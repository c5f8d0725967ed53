import type { Tensor } from "../tensor.ts";
import { abs } from "./abs.ts";
import { add } from "./add.ts";
import { equal } from "./equal.ts";
import { exp } from "./exp.ts";
import { isinf } from "./isinf.ts";
import { log1p } from "./log1p.ts";
import { logicalAnd } from "./logicalAnd.ts";
import { maximum } from "./maximum.ts";
import { neg } from "./neg.ts";
import { floatOperands, type Operand } from "./operand.ts";
import { sub } from "./sub.ts";
import { where } from "./where.ts";

/**
 * ln(e^x + e^y) without overflow, element-wise; the operands broadcast together, int32 and bool become float32.
 * @throws {ShapeError} if the shapes do not broadcast.
 * Source: https://pytorch.org/docs/stable/generated/torch.logaddexp.html
 *
 * @example
 * ```ts
 * import { logaddexp, tensor } from "@graftjs/tensor";
 *
 * console.log(logaddexp(tensor([0, 1000]), tensor([0, 1000])).toNested()); // [0.6931, 1000.6931]
 * ```
 */
export function logaddexp(x: Operand, y: Operand): Tensor {
  const [a, b] = floatOperands(x, y) as [Tensor, Tensor];
  // Of two equal infinities the difference would be NaN.
  const same = logicalAnd(isinf(a), equal(a, b));
  const gap = where(same, 0, sub(a, b));
  return add(maximum(a, b), where(same, 0, log1p(exp(neg(abs(gap))))));
}
