import { ShapeError } from "../errors.ts";
import { broadcastShapes, formatShape, normalizeAxis } from "../shape.ts";
import type { Tensor } from "../tensor.ts";
import { broadcastTo } from "./expand.ts";
import { selectIndices } from "./indexSelect.ts";
import { mul } from "./mul.ts";
import { sub } from "./sub.ts";

/**
 * The cross product of vectors of three along `axis` (default the last): a₁b₂ - a₂b₁, a₂b₀ - a₀b₂, a₀b₁ - a₁b₀. The operands
 * broadcast together.
 *
 * Differs from PyTorch: `torch.cross` without an axis takes the first of size 3; this is `torch.linalg.cross`.
 * @throws {ShapeError} if the axis is out of range or not of size 3, or the shapes do not broadcast.
 * Source: https://pytorch.org/docs/stable/generated/torch.linalg.cross.html
 *
 * @example
 * ```ts
 * import { cross, tensor } from "@graftjs/tensor";
 *
 * console.log(cross(tensor([1, 0, 0]), tensor([0, 1, 0])).toNested()); // [0, 0, 1]
 * ```
 */
export function cross(a: Tensor, b: Tensor, axis = -1): Tensor {
  const shape = broadcastShapes("cross", a.shape, b.shape);
  const at = normalizeAxis("cross", axis, shape.length);
  if (a.rank !== b.rank || a.shape[at] !== 3 || b.shape[at] !== 3) {
    throw new ShapeError({
      op: "cross",
      expected: `as many axes, axis ${axis} of size 3`,
      got: `${formatShape(a.shape)} and ${formatShape(b.shape)}`,
    });
  }
  const [x, y] = [broadcastTo(a, shape), broadcastTo(b, shape)];
  const next = (t: Tensor): Tensor => selectIndices(t, Int32Array.of(1, 2, 0), at);
  const last = (t: Tensor): Tensor => selectIndices(t, Int32Array.of(2, 0, 1), at);
  return sub(mul(next(x), last(y)), mul(last(x), next(y)));
}
