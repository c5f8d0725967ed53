import type { DType } from "../dtype.ts";
import { ArgumentError } from "../errors.ts";
import { normalizeAxis, numel } from "../shape.ts";
import { type Tensor, tensor } from "../tensor.ts";
import { add } from "./add.ts";
import { selectIndices } from "./indexSelect.ts";
import { matmul } from "./matmul.ts";
import { mul } from "./mul.ts";
import { reshape } from "./reshape.ts";

/** What each output position of an axis is the sum of: for each term the input positions, and their weights. */
export interface Taps {
  readonly indices: readonly Int32Array[];
  /** `null`: one term, of weight 1. */
  readonly weights: readonly Float64Array[] | null;
}

/** Sizes along an axis, and input positions for one output position. */
export interface AxisScale {
  readonly size: number;
  readonly out: number;
  readonly scale: number;
}

/** Sums of more terms are products with a matrix. */
const MOST_TERMS = 4;

/**
 * y = Σ weightₖ · x[indexₖ] along an axis. Of few terms it is computed as such, so that NaN and infinities stay where they
 * are; of many as a product with a matrix, mostly of zeros, which is faster, but spreads them along the axis.
 * @throws {ShapeError} if the axis is out of range.
 * @throws {ArgumentError} if there is no term, an index is out of range, or the terms are not equally long.
 *
 * @example
 * ```ts
 * import { resample, tensor } from "@graftjs/tensor";
 *
 * const indices = [Int32Array.of(0, 1), Int32Array.of(1, 2)];
 * const weights = [Float64Array.of(0.5, 0.5), Float64Array.of(0.5, 0.5)];
 * console.log(resample(tensor([1, 3, 7]), 0, { indices, weights }).toNested()); // [2, 5]
 * ```
 */
export function resample(x: Tensor, axis: number, taps: Taps): Tensor {
  const { indices, weights } = taps;
  const at = normalizeAxis("resample", axis, x.rank);
  checkTaps(taps, x.shape[at] as number);
  if (indices.length > MOST_TERMS) return product(x, at, taps);
  const shape = [indices[0]?.length as number, ...x.shape.slice(at + 1).map(() => 1)];
  return indices
    .map((places, k) => {
      const term = selectIndices(x, places, at);
      return weights ? mul(term, tensor(weights[k] as Float64Array, shape, { dtype: x.dtype })) : term;
    })
    .reduce((a, b) => add(a, b));
}

function checkTaps({ indices, weights }: Taps, size: number): void {
  const length = indices[0]?.length;
  const equal = [...indices, ...(weights ?? [])].every((list) => list.length === length);
  const inside = indices.every((list) => list.every((i) => i >= 0 && i < size));
  if (indices.length > 0 && (weights?.length ?? indices.length) === indices.length && equal && inside) return;
  throw new ArgumentError({
    op: "resample",
    expected: `lists of equal length of indices in [0, ${size}), and of their weights`,
    got: `${indices.length} lists of indices, of ${indices.map((list) => list.length).join(", ") || "nothing"}`,
  });
}

function product(x: Tensor, axis: number, { indices, weights }: Taps): Tensor {
  const [size, out] = [x.shape[axis] as number, indices[0]?.length as number];
  const matrix = new Float64Array(out * size);
  indices.forEach((at, k) => {
    at.forEach((index, i) => {
      const place = i * size + index;
      matrix[place] = (matrix[place] as number) + (weights?.[k]?.[i] ?? 1);
    });
  });
  const lead = x.shape.slice(0, axis);
  const rest = x.shape.slice(axis + 1);
  const w = tensor(matrix, [out, size], { dtype: x.dtype });
  if (rest.length === 0) return matmul(x, w, { transposeB: true });
  return reshape(matmul(w, reshape(x, [...lead, size, numel(rest)])), [...lead, out, ...rest]);
}

/**
 * The one input position that each output position takes, rounded as PyTorch does, in which float32 and float64 differ:
 * ⌊i · scale⌋, or, exactly, ⌊(i + 0.5) · scale⌋.
 */
export function nearestTaps({ size, out, scale }: AxisScale, exact: boolean, dtype: DType): Taps {
  const round = dtype === "float64" ? (v: number) => v : Math.fround;
  const step = round(scale);
  const position = (i: number): number => (exact ? round(step * (i + 0.5) - 0.5) + 0.5 : i * step);
  const at = (i: number): number => Math.min(Math.floor(Math.fround(position(i))), size - 1);
  return { indices: [Int32Array.from({ length: out }, (_, i) => at(i))], weights: null };
}

/** Input position of output position i, aligned at the corners or at the half of a pixel. */
function sourceOf(i: number, scale: number, alignCorners: boolean): number {
  return alignCorners ? i * scale : (i + 0.5) * scale - 0.5;
}

/** The two neighbours of each position, weighted by their nearness. */
export function linearTaps({ size, out, scale }: AxisScale, alignCorners: boolean): Taps {
  const sources = Array.from({ length: out }, (_, i) => Math.max(0, sourceOf(i, scale, alignCorners)));
  const first = Int32Array.from(sources, (x) => Math.min(Math.floor(x), size - 1));
  const share = Float64Array.from(sources, (x, i) => Math.min(x - (first[i] as number), 1));
  return { indices: [first, first.map((i) => Math.min(i + 1, size - 1))], weights: [share.map((s) => 1 - s), share] };
}

/** Keys' cubic kernel. Source: Keys 1981, https://doi.org/10.1109/TASSP.1981.1163711 */
function cubic(x: number, a: number): number {
  const d = Math.abs(x);
  if (d <= 1) return ((a + 2) * d - (a + 3)) * d * d + 1;
  return d < 2 ? a * (((d - 5) * d + 8) * d - 4) : 0;
}

/** The four neighbours of each position, weighted by the cubic kernel with a = -0.75; the edge goes on beyond the ends. */
export function cubicTaps({ size, out, scale }: AxisScale, alignCorners: boolean): Taps {
  const sources = Array.from({ length: out }, (_, i) => sourceOf(i, scale, alignCorners));
  const offsets = [-1, 0, 1, 2];
  const at = (x: number, offset: number): number => Math.min(Math.max(Math.floor(x) + offset, 0), size - 1);
  return {
    indices: offsets.map((offset) => Int32Array.from(sources, (x) => at(x, offset))),
    weights: offsets.map((offset) => Float64Array.from(sources, (x) => cubic(x - Math.floor(x) - offset, -0.75))),
  };
}

const filters = {
  linear: { support: 1, weight: (x: number): number => Math.max(0, 1 - Math.abs(x)) },
  cubic: { support: 2, weight: (x: number): number => cubic(x, -0.5) },
};

/**
 * All positions under the triangle, or the cubic kernel with a = -0.5, which is as wide as an output pixel where that is
 * wider than an input pixel; as in Pillow. Weights sum up to 1.
 */
export function antialiasTaps({ size, out, scale }: AxisScale, filter: keyof typeof filters): Taps {
  const { support, weight } = filters[filter];
  const stretch = Math.max(scale, 1);
  const windows = Array.from({ length: out }, (_, i) => {
    const center = scale * (i + 0.5);
    const start = Math.max(0, Math.trunc(center - support * stretch + 0.5));
    const end = Math.min(size, Math.trunc(center + support * stretch + 0.5));
    const raw = Array.from({ length: end - start }, (_, j) => weight((start + j - center + 0.5) / stretch));
    const total = raw.reduce((sum, w) => sum + w, 0);
    return { start, end, weights: raw.map((w) => w / total) };
  });
  const terms = Math.max(...windows.map(({ weights }) => weights.length));
  const each = Array.from({ length: terms }, (_, k) => k);
  return {
    // What a narrower window lacks counts its last position with weight 0.
    indices: each.map((k) => Int32Array.from(windows, ({ start, end }) => Math.min(start + k, end - 1))),
    weights: each.map((k) => Float64Array.from(windows, ({ weights }) => weights[k] ?? 0)),
  };
}
