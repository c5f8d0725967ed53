import { ShapeError } from "./errors.ts";

/** Dimensions, outermost first. `[]` is a scalar. */
export type Shape = readonly number[];

/**
 * Number of elements of a shape.
 *
 * @example
 * ```ts
 * import { numel } from "@graftjs/tensor";
 *
 * console.log(numel([2, 3, 4]), numel([]), numel([2, 0])); // 24 1 0
 * ```
 */
export function numel(shape: Shape): number {
  let n = 1;
  for (const d of shape) n *= d;
  return n;
}

/**
 * Whether two shapes are the same.
 *
 * @example
 * ```ts
 * import { equalShapes } from "@graftjs/tensor";
 *
 * console.log(equalShapes([2, 3], [2, 3]), equalShapes([6], [2, 3])); // true false
 * ```
 */
export function equalShapes(a: Shape, b: Shape): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}

/**
 * `[2, 3]`, for messages.
 *
 * @example
 * ```ts
 * import { formatShape } from "@graftjs/tensor";
 *
 * console.log(formatShape([2, 3])); // "[2, 3]"
 * ```
 */
export function formatShape(shape: Shape): string {
  return `[${shape.join(", ")}]`;
}

/**
 * Row-major strides in elements.
 *
 * @example
 * ```ts
 * import { stridesOf } from "@graftjs/tensor";
 *
 * console.log(stridesOf([2, 3, 4])); // [12, 4, 1]
 * ```
 */
export function stridesOf(shape: Shape): number[] {
  const strides = new Array<number>(shape.length);
  let step = 1;
  for (let i = shape.length - 1; i >= 0; i--) {
    strides[i] = step;
    step *= shape[i] as number;
  }
  return strides;
}

/**
 * Strides with which a contiguous tensor of shape `from` is read as if it had shape `to`: 0 along broadcast axes.
 *
 * @example
 * ```ts
 * import { broadcastStrides } from "@graftjs/tensor";
 *
 * console.log(broadcastStrides([2, 1], [3, 2, 4])); // [0, 1, 0]
 * ```
 */
export function broadcastStrides(from: Shape, to: Shape): number[] {
  const own = stridesOf(from);
  const lead = to.length - from.length;
  return to.map((_, i) => (i < lead || from[i - lead] === 1 ? 0 : (own[i - lead] as number)));
}

/**
 * The common shape under NumPy's broadcasting rule.
 * @throws {ShapeError} if two sizes differ and neither is 1.
 *
 * @example
 * ```ts
 * import { broadcastShapes } from "@graftjs/tensor";
 *
 * console.log(broadcastShapes("add", [5, 1, 3], [4, 1])); // [5, 4, 3]
 * ```
 */
export function broadcastShapes(op: string, ...shapes: readonly Shape[]): number[] {
  const rank = Math.max(0, ...shapes.map((s) => s.length));
  const out = new Array<number>(rank).fill(1);
  for (const shape of shapes) {
    const lead = rank - shape.length;
    shape.forEach((d, i) => {
      const have = out[lead + i] as number;
      if (have !== d && have !== 1 && d !== 1) {
        throw new ShapeError({
          op,
          expected: "shapes that broadcast together (equal sizes, or 1, aligned at the last axis)",
          got: shapes.map(formatShape).join(" and "),
        });
      }
      if (have === 1) out[lead + i] = d;
    });
  }
  return out;
}

/**
 * An axis in `[-rank, rank)` as one in `[0, rank)`. @throws {ShapeError} outside of that.
 *
 * @example
 * ```ts
 * import { normalizeAxis } from "@graftjs/tensor";
 *
 * console.log(normalizeAxis("sum", -1, 3)); // 2
 * ```
 */
export function normalizeAxis(op: string, axis: number, rank: number): number {
  if (!Number.isInteger(axis) || axis < -rank || axis >= rank) {
    throw new ShapeError({ op, expected: `an axis in [${-rank}, ${rank})`, got: String(axis) });
  }
  return axis < 0 ? axis + rank : axis;
}

/**
 * Sorted, distinct, non-negative axes; all axes where none are given. @throws {ShapeError} out of range or twice.
 *
 * @example
 * ```ts
 * import { normalizeAxes } from "@graftjs/tensor";
 *
 * console.log(normalizeAxes("sum", [-1, 0], 3), normalizeAxes("sum", undefined, 3)); // [0, 2] [0, 1, 2]
 * ```
 */
export function normalizeAxes(op: string, axes: number | readonly number[] | undefined, rank: number): number[] {
  if (axes === undefined) return Array.from({ length: rank }, (_, i) => i);
  const list = (typeof axes === "number" ? [axes] : [...axes]).map((a) => normalizeAxis(op, a, rank));
  if (new Set(list).size !== list.length) {
    throw new ShapeError({ op, expected: "distinct axes", got: formatShape(list) });
  }
  return list.sort((a, b) => a - b);
}

/** Checks that every size is a non-negative integer. */
export function checkShape(op: string, shape: Shape): void {
  if (!shape.every((d) => Number.isSafeInteger(d) && d >= 0)) {
    throw new ShapeError({ op, expected: "sizes that are integers >= 0", got: formatShape(shape) });
  }
}
