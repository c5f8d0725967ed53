import { ShapeError } from "../errors.ts";
import { equalShapes, formatShape } from "../shape.ts";
import type { Tensor } from "../tensor.ts";
import { concat } from "./concat.ts";
import { unsqueeze } from "./reshape.ts";

/**
 * Tensors of one shape side by side along a new axis, which is at place `axis` of the result.
 * @throws {ShapeError} if their shapes differ, or the axis is out of range. @throws {DTypeError} if their dtypes differ.
 * Source: https://pytorch.org/docs/stable/generated/torch.stack.html
 *
 * @example
 * ```ts
 * import { stack, tensor } from "@graftjs/tensor";
 *
 * console.log(stack([tensor([1, 2]), tensor([3, 4])], 1).toNested()); // [[1, 3], [2, 4]]
 * ```
 */
export function stack(tensors: readonly [Tensor, ...Tensor[]], axis = 0): Tensor {
  const [first, ...rest] = tensors;
  const other = rest.find((t) => !equalShapes(t.shape, first.shape));
  if (other) {
    const got = `${formatShape(first.shape)} and ${formatShape(other.shape)}`;
    throw new ShapeError({ op: "stack", expected: "tensors of one shape", got });
  }
  return concat([unsqueeze(first, axis), ...rest.map((t) => unsqueeze(t, axis))], axis);
}
