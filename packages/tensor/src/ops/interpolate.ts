import { ArgumentError, ShapeError } from "../errors.ts";
import { formatShape, type Shape } from "../shape.ts";
import type { Tensor } from "../tensor.ts";
import { adaptiveAvgPool1d } from "./adaptiveAvgPool1d.ts";
import { adaptiveAvgPool2d } from "./adaptiveAvgPool2d.ts";
import { adaptiveAvgPool3d } from "./adaptiveAvgPool3d.ts";
import { checkSameDType, floats } from "./define.ts";
import { type AxisScale, antialiasTaps, cubicTaps, linearTaps, nearestTaps, resample, type Taps } from "./resample.ts";

/** How many spatial axes each mode takes. */
const modes = {
  nearest: [1, 2, 3],
  "nearest-exact": [1, 2, 3],
  linear: [1],
  bilinear: [2],
  bicubic: [2],
  trilinear: [3],
  area: [1, 2, 3],
} as const;

/** How {@link interpolate} computes a value between others. */
export type InterpolationMode = keyof typeof modes;

/** Options of {@link interpolate}. */
export interface InterpolateOptions {
  /** Spatial size of the result: one number for all axes, or one each. */
  readonly size?: number | readonly number[];
  /** Instead of `size`: the result's size is ⌊size · scaleFactor⌋. */
  readonly scaleFactor?: number | readonly number[];
  /**
   * `"nearest"` (default) takes the pixel at ⌊i · scale⌋, `"nearest-exact"` the one whose centre is nearest; `"linear"`,
   * `"bilinear"` and `"trilinear"` (one, two and three spatial axes) weigh the two neighbours along each axis, `"bicubic"`
   * four of them; `"area"` averages as adaptive pooling does.
   */
  readonly mode?: InterpolationMode;
  /**
   * Whether the centres of the corner pixels of input and output are aligned, instead of their outer corners.
   * Default `false`. Only for the linear and cubic modes.
   */
  readonly alignCorners?: boolean;
  /**
   * Whether positions follow from the sizes of input and output, although `scaleFactor` is given; they differ where
   * size · scaleFactor is no integer. Default `false`.
   */
  readonly recomputeScaleFactor?: boolean;
  /** Whether, where the result is smaller, all pixels are taken that lie under one of its. Only bilinear and bicubic. */
  readonly antialias?: boolean;
}

/**
 * Resizes the spatial axes of [N, C, L], [N, C, H, W] or [N, C, D, H, W] to `size`, or by `scaleFactor`.
 * Output position i is input position (i + 0.5) · scale - 0.5, scale = in / out (or 1 / scaleFactor); with `alignCorners`
 * i · (in - 1) / (out - 1). The edge goes on beyond the ends. The cubic kernel has a = -0.75, with antialias -0.5.
 *
 * Differs from PyTorch where it differs from itself: of 2-d nearest, small results follow another rule if a factor that is
 * no integer keeps or doubles a size; and some gradients there, and of antialiasing, are not those of its results. And, with
 * antialiasing, a NaN or an infinity may spread along rows and columns, where in PyTorch it reaches the pixels around it.
 * @throws {ShapeError} if the mode does not take that many axes, or a size is 0. @throws {ArgumentError} on options that
 * are out of range, or do not go together. @throws {DTypeError} if `x` is not float, except for the nearest modes.
 * Source: https://pytorch.org/docs/stable/generated/torch.nn.functional.interpolate.html
 *
 * @example
 * ```ts
 * import { interpolate, tensor } from "@graftjs/tensor";
 *
 * const row = tensor([[[1, 3]]]);
 * console.log(interpolate(row, { scaleFactor: 2 }).toNested()); // [[[1, 1, 3, 3]]]
 * console.log(interpolate(row, { size: 4, mode: "linear" }).toNested()); // [[[1, 1.5, 2.5, 3]]]
 * console.log(interpolate(row, { size: 3, mode: "linear", alignCorners: true }).toNested()); // [[[1, 2, 3]]]
 * ```
 */
export function interpolate(x: Tensor, options: InterpolateOptions): Tensor {
  const { mode = "nearest", alignCorners = false, antialias = false } = options;
  checkModes(x, options);
  const spatial = x.shape.slice(2);
  const { size, scales } = sizesOf(spatial, options);
  if (mode === "area") return average(x, size);
  const axes = spatial.map((length, i): AxisScale => {
    const out = size[i] as number;
    const byCorners = alignCorners ? (out > 1 ? (length - 1) / (out - 1) : 0) : undefined;
    return { size: length, out, scale: byCorners ?? scales?.[i] ?? length / out };
  });
  const taps = (axis: AxisScale): Taps => {
    if (mode === "nearest" || mode === "nearest-exact") return nearestTaps(axis, mode === "nearest-exact", x.dtype);
    if (antialias) return antialiasTaps(axis, mode === "bicubic" ? "cubic" : "linear");
    return mode === "bicubic" ? cubicTaps(axis, alignCorners) : linearTaps(axis, alignCorners);
  };
  // The last axis first: the others move whole rows.
  return axes.reduceRight((y, axis, i) => (isIdentity(axis, options) ? y : resample(y, i + 2, taps(axis))), x);
}

/** Whether an axis stays as it is: in PyTorch, linear modes and antialiasing leave one alone that keeps its size. */
function isIdentity({ size, out, scale }: AxisScale, { mode, antialias = false }: InterpolateOptions): boolean {
  const keeps = antialias || mode === "linear" || mode === "bilinear" || mode === "trilinear";
  return size === out && (scale === 1 || keeps);
}

/** @throws {ShapeError | ArgumentError | DTypeError} */
function checkModes(
  x: Tensor,
  { mode = "nearest", alignCorners, antialias, recomputeScaleFactor, size }: InterpolateOptions,
): void {
  const ranks: readonly number[] | undefined = Object.hasOwn(modes, mode) ? modes[mode] : undefined;
  const wrong = (expected: string, got: string): ArgumentError =>
    new ArgumentError({ op: "interpolate", expected, got });
  if (!ranks) throw wrong(`a mode out of ${Object.keys(modes).join(", ")}`, String(mode));
  if (!ranks.includes(x.rank - 2)) {
    const wanted = ranks.map((n) => ["[N, C, L]", "[N, C, H, W]", "[N, C, D, H, W]"][n - 1]).join(" or ");
    throw new ShapeError({ op: "interpolate", expected: `${wanted} for mode ${mode}`, got: formatShape(x.shape) });
  }
  const weighted = mode !== "nearest" && mode !== "nearest-exact";
  if (weighted) checkSameDType("interpolate", floats, x.dtype);
  if (alignCorners !== undefined && (!weighted || mode === "area")) {
    throw wrong("alignCorners with mode linear, bilinear, bicubic or trilinear alone", `it with mode ${mode}`);
  }
  if (antialias && mode !== "bilinear" && mode !== "bicubic") {
    throw wrong("antialias with mode bilinear or bicubic alone", `it with mode ${mode}`);
  }
  if (recomputeScaleFactor && size !== undefined)
    throw wrong("recomputeScaleFactor with scaleFactor alone", "it with size");
}

/** The spatial size of the result, and the steps that a scale factor asks for. @throws {ShapeError | ArgumentError} */
function sizesOf(
  spatial: Shape,
  { size, scaleFactor, recomputeScaleFactor = false }: InterpolateOptions,
): { readonly size: readonly number[]; readonly scales: readonly number[] | null } {
  const given = size ?? scaleFactor;
  const list = typeof given === "number" ? spatial.map(() => given) : given;
  if (!list || (size !== undefined && scaleFactor !== undefined) || list.length !== spatial.length) {
    throw new ArgumentError({
      op: "interpolate",
      expected: `either size or scaleFactor: a number, or one for each of ${spatial.length} axes`,
      got: JSON.stringify({ size, scaleFactor }),
    });
  }
  const sizes = size === undefined ? spatial.map((d, i) => Math.floor(d * (list[i] as number))) : list;
  if (![...spatial, ...sizes].every((d) => Number.isInteger(d) && d >= 1)) {
    throw new ShapeError({
      op: "interpolate",
      expected: "sizes of input and result that are integers >= 1",
      got: `${formatShape(spatial)} to ${formatShape(sizes)}`,
    });
  }
  return { size: sizes, scales: size === undefined && !recomputeScaleFactor ? list.map((s) => 1 / s) : null };
}

/** Means over windows that divide the spatial axes evenly. */
function average(x: Tensor, size: readonly number[]): Tensor {
  if (size.length === 1) return adaptiveAvgPool1d(x, size[0] as number);
  if (size.length === 2) return adaptiveAvgPool2d(x, size as [number, number]);
  return adaptiveAvgPool3d(x, size as [number, number, number]);
}
