import { apply1 } from "../apply.ts";
import type { DType } from "../dtype.ts";
import { DTypeError } from "../errors.ts";
import type { Op } from "../op.ts";
import type { Tensor } from "../tensor.ts";
import { checkSameDType, defineElementwise } from "./define.ts";
import { type Operand, operands } from "./operand.ts";
import { sumTo } from "./sumTo.ts";

export const whereOp: Op<object> = defineElementwise({
  name: "where",
  arity: 3,
  dtype: (_, condition, x, y) => {
    if (condition !== "bool") {
      throw new DTypeError({ op: "where", expected: "a bool condition", got: String(condition) });
    }
    checkSameDType("where", ["float32", "float64", "int32", "bool"], x as DType, y as DType);
    return x as DType;
  },
  scalar: (condition, x, y) => (condition !== 0 ? x : y),
  grad: ({ grad, needs }, condition, x, y) => [
    null,
    needs(1) ? sumTo(where(condition, grad, 0), x.shape) : null,
    needs(2) ? sumTo(where(condition, 0, grad), y.shape) : null,
  ],
  samples: [
    { attrs: {}, inputs: [{ shape: [2, 3], dtype: "bool", values: [1, 0, 1, 0, 0, 1] }, [2, 3], [3]] },
    { attrs: {}, inputs: [{ shape: [3], dtype: "bool", values: [1, 0, 1] }, [2, 1], [2, 3]] },
  ],
});

/**
 * x where `condition` holds, y elsewhere; the three broadcast together, and the result has the {@link resultType} of x and y.
 * @throws {DTypeError} if `condition` is not bool. @throws {ShapeError} if the shapes do not broadcast.
 * Source: https://pytorch.org/docs/stable/generated/torch.where.html
 *
 * @example
 * ```ts
 * import { greater, tensor, where } from "@graftjs/tensor";
 *
 * const x = tensor([1, -2, 3]);
 * console.log(where(greater(x, 0), x, 0).toNested()); // [1, 0, 3]
 * ```
 */
export function where(condition: Tensor, x: Operand, y: Operand): Tensor {
  const [a, b] = operands(x, y) as [Tensor, Tensor];
  return apply1(whereOp, [condition, a, b], {});
}
