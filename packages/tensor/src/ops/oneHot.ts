import type { DType } from "../dtype.ts";
import { DTypeError } from "../errors.ts";
import { arange } from "../ranges.ts";
import { checkShape } from "../shape.ts";
import type { Tensor } from "../tensor.ts";
import { cast } from "./cast.ts";
import { equal } from "./equal.ts";
import { unsqueeze } from "./reshape.ts";

/**
 * 1 where the class is, 0 elsewhere: int32 indices [...] to [..., classes]. An index out of range gives zeros.
 * @throws {DTypeError} if the indices are not int32. @throws {ShapeError} if the number of classes is not an integer >= 0.
 * Source: https://pytorch.org/docs/stable/generated/torch.nn.functional.one_hot.html
 *
 * @example
 * ```ts
 * import { oneHot, tensor } from "@graftjs/tensor";
 *
 * console.log(oneHot(tensor([2, 0], undefined, { dtype: "int32" }), 3).toNested()); // [[0, 0, 1], [1, 0, 0]]
 * ```
 */
export function oneHot(indices: Tensor, classes: number, dtype: DType = "float32"): Tensor {
  if (indices.dtype !== "int32") throw new DTypeError({ op: "oneHot", expected: "int32 indices", got: indices.dtype });
  checkShape("oneHot", [classes]);
  return cast(equal(unsqueeze(indices, -1), arange(0, classes)), dtype);
}
