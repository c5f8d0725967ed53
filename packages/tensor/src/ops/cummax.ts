import { normalizeAxis } from "../shape.ts";
import { type Tensor, tensor } from "../tensor.ts";
import { checkSameDType } from "./define.ts";
import { doubling } from "./doubling.ts";
import { equal } from "./equal.ts";
import { gather } from "./gather.ts";
import { isnan } from "./isnan.ts";
import { logicalOr } from "./logicalOr.ts";
import { maximum } from "./maximum.ts";
import { where } from "./where.ts";

/**
 * The largest element so far along `axis`, NaN from the first NaN on, and where it is, int32; the last of equal ones, which
 * alone has the gradient.
 * @throws {ShapeError} if the axis is out of range. @throws {DTypeError} on bool; cast first.
 * Source: https://pytorch.org/docs/stable/generated/torch.cummax.html
 *
 * @example
 * ```ts
 * import { cummax, tensor } from "@graftjs/tensor";
 *
 * const { values, indices } = cummax(tensor([3, 1, 3, 4, 2]), 0);
 * console.log(values.toNested()); // [3, 3, 3, 4, 4]
 * console.log(indices.toNested()); // [0, 0, 2, 3, 3]
 * ```
 */
export function cummax(x: Tensor, axis: number): { values: Tensor; indices: Tensor } {
  return runningExtreme("cummax", x, axis, maximum, x.dtype === "int32" ? -(2 ** 31) : Number.NEGATIVE_INFINITY);
}

/** Extremes so far, and the last place of each; `neutral` is one that no element exceeds. */
export function runningExtreme(
  op: string,
  x: Tensor,
  axis: number,
  extreme: (a: Tensor, b: Tensor) => Tensor,
  neutral: number,
): { values: Tensor; indices: Tensor } {
  checkSameDType(op, ["float32", "float64", "int32"], x.dtype);
  const at = normalizeAxis(op, axis, x.rank);
  const size = x.shape[at] as number;
  const raw = x.detach();
  const reached = logicalOr(equal(raw, doubling(raw, at, extreme, neutral)), isnan(raw));
  const places = tensor(
    Int32Array.from({ length: size }, (_, i) => i),
    [size, ...x.shape.slice(at + 1).map(() => 1)],
  );
  const indices = doubling(where(reached, places, 0), at, maximum, 0);
  return { values: gather(x, indices, at), indices };
}
