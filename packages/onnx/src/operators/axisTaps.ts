import { ShapeError, type Taps } from "@graftjs/tensor";

/** How coordinates of the output become coordinates of the input. */
export type CoordinateMode =
  | "half_pixel"
  | "half_pixel_symmetric"
  | "pytorch_half_pixel"
  | "align_corners"
  | "asymmetric"
  | "tf_crop_and_resize";

/** How a coordinate between two elements becomes one of them. */
export type NearestMode = "round_prefer_floor" | "round_prefer_ceil" | "floor" | "ceil";

/** One axis that is resized. */
export interface ResizedAxis {
  /** Elements of the input, and of the output. */
  readonly size: number;
  readonly out: number;
  /** Elements of the output before they are rounded down: size · scale. */
  readonly length: number;
  /** The part of the input that is cropped, in lengths of it. */
  readonly roi: readonly [start: number, end: number];
}

/** What decides which elements are taken, and with what weights. */
export interface Filter {
  readonly mode: "nearest" | "linear" | "cubic";
  readonly coordinateMode: CoordinateMode;
  readonly nearestMode: NearestMode;
  /** That of an axis that becomes shorter, where it is another. */
  readonly shrinkingMode?: NearestMode;
  readonly cubicCoefficient: number;
  readonly excludeOutside: boolean;
  readonly antialias: boolean;
}

type Coordinates = (i: number, axis: ResizedAxis) => number;

const halfPixel: Coordinates = (i, { size, length }) => ((i + 0.5) * size) / length - 0.5;

const coordinates: Readonly<Record<CoordinateMode, Coordinates>> = {
  half_pixel: halfPixel,
  half_pixel_symmetric: (i, axis) => (axis.size / 2) * (1 - axis.out / axis.length) + halfPixel(i, axis),
  pytorch_half_pixel: (i, axis) => (axis.out > 1 ? halfPixel(i, axis) : 0),
  align_corners: (i, { size, out, length }) => (out > 1 ? (i * (size - 1)) / (length - 1) : 0),
  asymmetric: (i, { size, length }) => (i * size) / length,
  tf_crop_and_resize: (i, { size, out, length, roi: [start, end] }) =>
    (size - 1) * (out > 1 ? start + (i * (end - start)) / (length - 1) : (start + end) / 2),
};

const roundings: Readonly<Record<NearestMode, (x: number) => number>> = {
  round_prefer_floor: (x) => Math.ceil(x - 0.5),
  round_prefer_ceil: (x) => Math.floor(x + 0.5),
  floor: Math.floor,
  ceil: Math.ceil,
};

const longestAxis = 2 ** 20;

export function isCoordinateMode(name: string): name is CoordinateMode {
  return Object.hasOwn(coordinates, name);
}

export function isNearestMode(name: string): name is NearestMode {
  return Object.hasOwn(roundings, name);
}

/** Keys' cubic kernel. Source: Keys 1981, https://doi.org/10.1109/TASSP.1981.1163711 */
function cubic(x: number, a: number): number {
  const d = Math.abs(x);
  if (d <= 1) return ((a + 2) * d - (a + 3)) * d * d + 1;
  return d < 2 ? a * (((d - 5) * d + 8) * d - 4) : 0;
}

/** Input coordinates of the output's elements. @throws {ShapeError} if they are absurdly many */
export function coordinatesOf(axis: ResizedAxis, mode: CoordinateMode): readonly number[] {
  if (axis.out > longestAxis)
    throw new ShapeError({
      op: "Resize",
      expected: `at most ${longestAxis} elements along an axis`,
      got: `${axis.out}`,
    });
  return Array.from({ length: axis.out }, (_, i) => coordinates[mode](i, axis));
}

/** More elements than this are not added up by taps, as each of them is an op; and axes are not made longer than weights fit in. */
const mostTaps = 4096;
const largestTable = 2 ** 20;

/**
 * The elements of the input that each of the output's is the sum of, with weights: the nearest; or those under a triangle
 * (linear) or cubic kernel around its coordinate, which antialiasing makes as wide as an element of the output, where that is
 * wider. The edge goes on beyond the ends, or does not count at all.
 * @throws {ShapeError} where antialiasing shrinks the axis to next to nothing, or it becomes absurdly long
 */
export function axisTaps(axis: ResizedAxis, at: readonly number[], filter: Filter): Taps {
  const { mode, nearestMode, shrinkingMode = nearestMode, cubicCoefficient, excludeOutside, antialias } = filter;
  const clamp = (i: number): number => Math.min(Math.max(i, 0), axis.size - 1);
  if (mode === "nearest") {
    // In float32, as runtimes compute them, coordinates that should be whole are.
    const rounded = roundings[axis.length < axis.size ? shrinkingMode : nearestMode];
    const nearest = Int32Array.from(at, (x) => clamp(rounded(Math.fround(x))));
    return { indices: [nearest], weights: null };
  }
  const squeeze = antialias ? Math.min(axis.length / axis.size, 1) : 1;
  const support = mode === "linear" ? 1 : 2;
  const kernel = (d: number): number => (mode === "linear" ? Math.max(0, 1 - Math.abs(d)) : cubic(d, cubicCoefficient));
  const first = Math.floor(-support / squeeze) + 1;
  const count = 2 - 2 * first;
  if (count > mostTaps || count * axis.out > largestTable) {
    const expected = `at most ${mostTaps} elements under one of the result, and ${largestTable} weights`;
    throw new ShapeError({ op: "Resize", expected, got: `${axis.size} elements resized to ${axis.out}` });
  }
  const offsets = Array.from({ length: count }, (_, k) => first + k);
  const weights = at.map((x) => {
    const start = Math.floor(x);
    const raw = offsets.map((k) => {
      const outside = start + k < 0 || start + k >= axis.size;
      return excludeOutside && outside ? 0 : kernel((start + k - x) * squeeze);
    });
    const total = antialias || excludeOutside ? raw.reduce((sum, w) => sum + w, 0) || 1 : 1;
    return raw.map((w) => w / total);
  });
  return {
    indices: offsets.map((k) => Int32Array.from(at, (x) => clamp(Math.floor(x) + k))),
    weights: offsets.map((_, k) => Float64Array.from(weights, (row) => row[k] as number)),
  };
}
