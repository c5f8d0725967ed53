import { ShapeError } from "../errors.ts";
import { formatShape } from "../shape.ts";
import type { Tensor } from "../tensor.ts";
import { expand } from "./expand.ts";
import { transpose } from "./permute.ts";
import { reshape } from "./reshape.ts";

/**
 * Of vectors of lengths n₀, n₁, … as many tensors [n₀, n₁, …]: the i-th has the values of the i-th vector along axis i.
 * With `indexing` "xy" the first two axes are swapped.
 * @throws {ShapeError} if one is no vector.
 * Source: https://pytorch.org/docs/stable/generated/torch.meshgrid.html
 *
 * @example
 * ```ts
 * import { meshgrid, tensor } from "@graftjs/tensor";
 *
 * const [rows, columns] = meshgrid([tensor([1, 2]), tensor([10, 20, 30])]);
 * console.log(rows?.toNested()); // [[1, 1, 1], [2, 2, 2]]
 * console.log(columns?.toNested()); // [[10, 20, 30], [10, 20, 30]]
 * ```
 */
export function meshgrid(vectors: readonly Tensor[], indexing: "ij" | "xy" = "ij"): Tensor[] {
  const shape = vectors.map((t) => {
    if (t.rank !== 1) throw new ShapeError({ op: "meshgrid", expected: "vectors", got: formatShape(t.shape) });
    return t.size;
  });
  const grids = vectors.map((t, i) => {
    const alone = shape.map((_, axis) => (axis === i ? t.size : 1));
    return expand(reshape(t, alone), shape);
  });
  return indexing === "xy" && vectors.length > 1 ? grids.map((t) => transpose(t, 0, 1)) : grids;
}
