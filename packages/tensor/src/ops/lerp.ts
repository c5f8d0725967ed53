import type { Tensor } from "../tensor.ts";
import { add } from "./add.ts";
import { less } from "./less.ts";
import { mul } from "./mul.ts";
import type { Operand } from "./operand.ts";
import { sub } from "./sub.ts";
import { where } from "./where.ts";

/**
 * x + weight · (end - x), element-wise, exact at weights 0 and 1; the operands broadcast together.
 * @throws {ShapeError} if the shapes do not broadcast.
 * Source: https://pytorch.org/docs/stable/generated/torch.lerp.html
 *
 * @example
 * ```ts
 * import { lerp, tensor } from "@graftjs/tensor";
 *
 * console.log(lerp(tensor([0, 10]), tensor([10, 20]), 0.25).toNested()); // [2.5, 12.5]
 * ```
 */
export function lerp(x: Tensor, end: Tensor, weight: Operand): Tensor {
  const way = sub(end, x);
  if (typeof weight !== "number") return where(less(weight, 0.5), fromStart(), fromEnd());
  return weight < 0.5 ? fromStart() : fromEnd();

  function fromStart(): Tensor {
    return add(x, mul(weight, way));
  }
  function fromEnd(): Tensor {
    return sub(end, mul(sub(1, weight), way));
  }
}
