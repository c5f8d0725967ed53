import { ShapeError } from "../errors.ts";
import { formatShape, normalizeAxis, numel, type Shape } from "../shape.ts";
import type { Tensor } from "../tensor.ts";
import { reshape } from "./reshape.ts";

/**
 * With `axis` split into axes of the given sizes, of which one may be -1: it is what remains. The inverse of `flatten`.
 * @throws {ShapeError} if the axis is out of range, or the sizes do not multiply to its size.
 * Source: https://pytorch.org/docs/stable/generated/torch.unflatten.html
 *
 * @example
 * ```ts
 * import { ones, unflatten } from "@graftjs/tensor";
 *
 * console.log(unflatten(ones([2, 12, 5]), 1, [3, -1]).shape); // [2, 3, 4, 5]
 * ```
 */
export function unflatten(x: Tensor, axis: number, sizes: Shape): Tensor {
  const at = normalizeAxis("unflatten", axis, x.rank);
  const size = x.shape[at] as number;
  const rest = numel(sizes.filter((d) => d !== -1));
  const full = sizes.map((d) => (d === -1 ? size / rest : d));
  if (full.some((d) => !Number.isInteger(d) || d < 0) || numel(full) !== size) {
    throw new ShapeError({ op: "unflatten", expected: `sizes whose product is ${size}`, got: formatShape(sizes) });
  }
  return reshape(x, [...x.shape.slice(0, at), ...full, ...x.shape.slice(at + 1)]);
}
