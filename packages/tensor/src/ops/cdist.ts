import { ArgumentError, ShapeError } from "../errors.ts";
import { formatShape } from "../shape.ts";
import type { Tensor } from "../tensor.ts";
import { norm } from "./norm.ts";
import { unsqueeze } from "./reshape.ts";
import { sub } from "./sub.ts";

/**
 * The distances ‖aᵢ - bⱼ‖ₚ of all rows of `a` [..., P, M] from all of `b` [..., R, M]: [..., P, R]; leading axes broadcast. The
 * gradient of a distance of 0 is 0, and so is the distance of rows without elements. Takes memory for P · R · M differences.
 * @throws {ShapeError} if the rows have different sizes, or leading axes do not broadcast. @throws {ArgumentError} unless p >= 0.
 * Source: https://pytorch.org/docs/stable/generated/torch.cdist.html
 *
 * @example
 * ```ts
 * import { cdist, tensor } from "@graftjs/tensor";
 *
 * console.log(cdist(tensor([[0, 0], [3, 0]]), tensor([[3, 4]])).toNested()); // [[5], [4]]
 * ```
 */
export function cdist(a: Tensor, b: Tensor, p = 2): Tensor {
  if (a.rank < 2 || b.rank < 2 || a.shape.at(-1) !== b.shape.at(-1)) {
    throw new ShapeError({
      op: "cdist",
      expected: "[..., P, M] and [..., R, M]",
      got: `${formatShape(a.shape)} and ${formatShape(b.shape)}`,
    });
  }
  if (!(p >= 0)) throw new ArgumentError({ op: "cdist", expected: "p >= 0", got: String(p) });
  // Of no differences the largest is 0, as every other norm; alone, `norm` refuses to say so.
  const order = a.shape.at(-1) === 0 ? 1 : p;
  return norm(sub(unsqueeze(a, -2), unsqueeze(b, -3)), order, { axes: -1 });
}
