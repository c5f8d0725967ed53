import { ArgumentError } from "../errors.ts";
import { formatShape, normalizeAxis } from "../shape.ts";
import type { Tensor } from "../tensor.ts";
import { concat } from "./concat.ts";
import { flatten, reshape } from "./reshape.ts";
import { slice } from "./slice.ts";

/**
 * With elements moved up by `shifts` along `axes`; what leaves at one end comes in at the other. Without axes, all elements
 * in row-major order.
 * @throws {ShapeError} if an axis is out of range. @throws {ArgumentError} if there is not one integer for each axis.
 * Source: https://pytorch.org/docs/stable/generated/torch.roll.html
 *
 * @example
 * ```ts
 * import { roll, tensor } from "@graftjs/tensor";
 *
 * console.log(roll(tensor([1, 2, 3, 4]), 1).toNested()); // [4, 1, 2, 3]
 * console.log(roll(tensor([[1, 2], [3, 4]]), -1, 0).toNested()); // [[3, 4], [1, 2]]
 * ```
 */
export function roll(x: Tensor, shifts: number | readonly number[], axes?: number | readonly number[]): Tensor {
  const amounts = typeof shifts === "number" ? [shifts] : shifts;
  const list = axes === undefined ? [0] : typeof axes === "number" ? [axes] : axes;
  if (amounts.length !== list.length || !amounts.every(Number.isInteger)) {
    throw new ArgumentError({ op: "roll", expected: `${list.length} integers`, got: formatShape(amounts) });
  }
  if (axes === undefined) return reshape(rollAxis(flatten(x), amounts[0] as number, 0), x.shape);
  return list.reduce((y, axis, i) => rollAxis(y, amounts[i] as number, normalizeAxis("roll", axis, x.rank)), x);
}

function rollAxis(x: Tensor, amount: number, axis: number): Tensor {
  const size = x.shape[axis] as number;
  const cut = size === 0 ? 0 : ((-amount % size) + size) % size;
  return cut === 0 ? x : concat([slice(x, axis, cut), slice(x, axis, 0, cut)], axis);
}
