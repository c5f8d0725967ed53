import { normalizeAxis, numel } from "../shape.ts";
import { type Tensor, tensor } from "../tensor.ts";
import { selectIndices } from "./indexSelect.ts";
import { movedim } from "./permute.ts";
import { flatten, reshape } from "./reshape.ts";

/** Options of {@link unique} and {@link uniqueConsecutive}. */
export interface UniqueOptions {
  /** Compares slices along this axis. Default: compares elements, of `x` flattened. */
  readonly axis?: number;
}

/** What {@link unique} gives; indices and counts are int32. */
export interface Unique {
  readonly values: Tensor;
  /** For each element, or slice, where its value is among `values`. */
  readonly inverse: Tensor;
  /** How often each value occurs. */
  readonly counts: Tensor;
  /** Where each value occurs first. */
  readonly indices: Tensor;
}

/**
 * The different elements of `x`, or slices along an axis, in ascending order; of slices the first element that differs
 * decides. Each NaN is different from all others, and comes last.
 *
 * Its shapes depend on values: only eagerly, on a device whose memory can be read at once.
 * @throws {ShapeError} if the axis is out of range.
 * @throws {TraceError} inside of a compiled function; use `sort` there.
 * @throws {DeviceError} if the device has no memory that can be read at once.
 * Source: https://pytorch.org/docs/stable/generated/torch.unique.html
 *
 * @example
 * ```ts
 * import { tensor, unique } from "@graftjs/tensor";
 *
 * const { values, counts } = unique(tensor([3, 1, 3, 2, 3]));
 * console.log(values.toNested()); // [1, 2, 3]
 * console.log(counts.toNested()); // [1, 1, 3]
 * ```
 */
export function unique(x: Tensor, options: UniqueOptions = {}): Unique {
  const { items, compare } = itemsOf("unique", x, options);
  return grouped(
    x,
    options,
    Array.from({ length: items }, (_, i) => i).sort((a, b) => compare(a, b) || a - b),
    compare,
  );
}

/**
 * As {@link unique}, of the first ones of equal neighbours, in their order.
 * Source: https://pytorch.org/docs/stable/generated/torch.unique_consecutive.html
 *
 * @example
 * ```ts
 * import { tensor, uniqueConsecutive } from "@graftjs/tensor";
 *
 * console.log(uniqueConsecutive(tensor([1, 1, 2, 1])).values.toNested()); // [1, 2, 1]
 * ```
 */
export function uniqueConsecutive(x: Tensor, options: UniqueOptions = {}): Unique {
  const { items, compare } = itemsOf("uniqueConsecutive", x, options);
  return grouped(
    x,
    options,
    Array.from({ length: items }, (_, i) => i),
    compare,
  );
}

/** How many elements or slices there are, and the order of two of them; never 0 for NaN. */
function itemsOf(
  op: string,
  x: Tensor,
  { axis }: UniqueOptions,
): { readonly items: number; readonly compare: (a: number, b: number) => number } {
  const rows = axis === undefined ? flatten(x) : movedim(x, normalizeAxis(op, axis, x.rank), 0);
  const data = rows.toArray();
  const width = numel(rows.shape.slice(1));
  const compare = (a: number, b: number): number => {
    for (let i = 0; i < width; i++) {
      const [u, v] = [data[a * width + i] as number, data[b * width + i] as number];
      if (u === v) continue;
      if (Number.isNaN(u) !== Number.isNaN(v)) return Number.isNaN(u) ? 1 : -1;
      if (Number.isNaN(u)) return a - b;
      return u < v ? -1 : 1;
    }
    return 0;
  };
  return { items: rows.shape[0] as number, compare };
}

/** Groups of equal neighbours in an order. */
function grouped(
  x: Tensor,
  { axis }: UniqueOptions,
  order: readonly number[],
  compare: (a: number, b: number) => number,
): Unique {
  const inverse = new Int32Array(order.length);
  const [firsts, counts]: [number[], number[]] = [[], []];
  order.forEach((item, k) => {
    const previous = order[k - 1];
    if (previous === undefined || compare(previous, item) !== 0) {
      firsts.push(item);
      counts.push(0);
    }
    const group = firsts.length - 1;
    inverse[item] = group;
    counts[group] = (counts[group] as number) + 1;
  });
  const from = axis === undefined ? flatten(x.detach()) : x.detach();
  const places = tensor(inverse);
  return {
    values: selectIndices(
      from,
      Int32Array.from(firsts),
      axis === undefined ? 0 : normalizeAxis("unique", axis, x.rank),
    ),
    inverse: axis === undefined ? reshape(places, x.shape) : places,
    counts: tensor(Int32Array.from(counts)),
    indices: tensor(Int32Array.from(firsts)),
  };
}
