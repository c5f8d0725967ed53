import { ArgumentError } from "../errors.ts";
import { formatShape, normalizeAxis } from "../shape.ts";
import type { Tensor } from "../tensor.ts";
import { expand } from "./expand.ts";
import { selectIndices } from "./indexSelect.ts";
import { flatten, reshape } from "./reshape.ts";

/**
 * `x` repeated `repeats[i]` times along axis i. The shorter of shape and repeats counts as having ones before it.
 * @throws {ArgumentError} if a number is no integer >= 0.
 * Source: https://pytorch.org/docs/stable/generated/torch.tile.html
 *
 * @example
 * ```ts
 * import { tensor, tile } from "@graftjs/tensor";
 *
 * console.log(tile(tensor([[1, 2]]), [2, 2]).toNested()); // [[1, 2, 1, 2], [1, 2, 1, 2]]
 * ```
 */
export function tile(x: Tensor, repeats: readonly number[]): Tensor {
  check("tile", repeats);
  const rank = Math.max(x.rank, repeats.length);
  const aligned = (list: readonly number[]): number[] => [...new Array<number>(rank - list.length).fill(1), ...list];
  const [shape, times] = [aligned(x.shape), aligned(repeats)];
  const spread = expand(
    reshape(
      x,
      shape.flatMap((d) => [1, d]),
    ),
    shape.flatMap((d, i) => [times[i] as number, d]),
  );
  return reshape(
    spread,
    shape.map((d, i) => d * (times[i] as number)),
  );
}

/**
 * Each slice along `axis` repeated: as many times as `repeats`, or as its own entry, says. Without an axis, each element in
 * row-major order.
 * @throws {ShapeError} if the axis is out of range.
 * @throws {ArgumentError} if a number is no integer >= 0, or there is not one for each slice.
 * Source: https://pytorch.org/docs/stable/generated/torch.repeat_interleave.html
 *
 * @example
 * ```ts
 * import { repeatInterleave, tensor } from "@graftjs/tensor";
 *
 * console.log(repeatInterleave(tensor([1, 2]), 2).toNested()); // [1, 1, 2, 2]
 * console.log(repeatInterleave(tensor([[1, 2], [3, 4]]), [1, 2], 0).toNested()); // [[1, 2], [3, 4], [3, 4]]
 * ```
 */
export function repeatInterleave(x: Tensor, repeats: number | readonly number[], axis?: number): Tensor {
  if (axis === undefined) return repeatInterleave(flatten(x), repeats, 0);
  const at = normalizeAxis("repeatInterleave", axis, x.rank);
  const size = x.shape[at] as number;
  check("repeatInterleave", typeof repeats === "number" ? [repeats] : repeats);
  if (typeof repeats !== "number") {
    if (repeats.length !== size) {
      throw new ArgumentError({
        op: "repeatInterleave",
        expected: `a number for each of the ${size} slices`,
        got: formatShape(repeats),
      });
    }
    const indices = repeats.flatMap((times, i) => new Array<number>(times).fill(i));
    return selectIndices(x, Int32Array.from(indices), at);
  }
  const [before, after] = [x.shape.slice(0, at), x.shape.slice(at + 1)];
  const spread = expand(reshape(x, [...before, size, 1, ...after]), [...before, size, repeats, ...after]);
  return reshape(spread, [...before, size * repeats, ...after]);
}

function check(op: string, repeats: readonly number[]): void {
  if (repeats.every((r) => Number.isInteger(r) && r >= 0)) return;
  throw new ArgumentError({ op, expected: "integers >= 0", got: formatShape(repeats) });
}
