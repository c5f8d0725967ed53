import { ArgumentError, ShapeError } from "../errors.ts";
import { formatShape, numel, type Shape } from "../shape.ts";
import type { Tensor } from "../tensor.ts";
import { abs } from "./abs.ts";
import { add } from "./add.ts";
import { cast } from "./cast.ts";
import { clamp } from "./clamp.ts";
import { checkSameDType, floats } from "./define.ts";
import { expand } from "./expand.ts";
import { floor } from "./floor.ts";
import { gather } from "./gather.ts";
import { greaterEqual } from "./greaterEqual.ts";
import { less } from "./less.ts";
import { logicalAnd } from "./logicalAnd.ts";
import { mul } from "./mul.ts";
import { remainder } from "./remainder.ts";
import { reshape } from "./reshape.ts";
import { round } from "./round.ts";
import { sub } from "./sub.ts";

const modes = ["bilinear", "nearest", "bicubic"] as const;
const paddingModes = ["zeros", "border", "reflection"] as const;

/** Options of {@link interpolationTerms} and `gridSample`. */
export interface SamplingOptions {
  /**
   * `"bilinear"` (default) weighs the two neighbours of a position along each axis by their nearness, `"nearest"` takes one of
   * them, of two as near that of even index; `"bicubic"` weighs four.
   */
  readonly mode?: (typeof modes)[number];
  /** What is beyond the ends: `"zeros"` (default), the last element (`"border"`), or what is inside, reflected. */
  readonly paddingMode?: (typeof paddingModes)[number];
  /** Whether the ends of an axis are the centres of its first and last element, not their outer edges. Default `false`. */
  readonly alignCorners?: boolean;
}

/** For each point [N, P] an element along an axis, or of flattened planes, and its weight; no weight is 1. */
interface Tap {
  readonly index: Tensor;
  readonly weight: Tensor | null;
}

/** An axis that is sampled. */
interface Axis extends Required<SamplingOptions> {
  readonly size: number;
}

/**
 * The terms [N, C, P] whose sum is the value of `x` [N, C, d₁, ..., dᵣ] at P points of each image, between its elements. Positions are
 * one tensor [N, P] for each of the r axes, counted in elements from the centre of the first. There is one term for
 * `"nearest"`, and there are 2ʳ for `"bilinear"` and 4ʳ for `"bicubic"`: elements times the product of their weights along the
 * axes. The cubic kernel has a = -0.75. Differentiable in `x` and, but for `"nearest"`, in the positions.
 * @throws {ShapeError} if the positions are not of those shapes, or an axis of `x` is empty.
 * @throws {DTypeError} if `x` or the positions are not float. @throws {ArgumentError} on a mode that is none of these.
 * Source: Keys 1981, https://doi.org/10.1109/TASSP.1981.1163711
 *
 * @example
 * ```ts
 * import { interpolationTerms, tensor } from "@graftjs/tensor";
 *
 * const row = tensor([[[10, 20, 30]]]);
 * const terms = interpolationTerms(row, [tensor([[0.25, 2]])]);
 * console.log(terms.map((term) => term.toNested())); // [[[[7.5, 30]]], [[[5, 0]]]]
 * ```
 */
export function interpolationTerms(
  x: Tensor,
  positions: readonly Tensor[],
  options: SamplingOptions = {},
): readonly Tensor[] {
  const { mode = "bilinear", paddingMode = "zeros", alignCorners = false } = options;
  checkModes(mode, paddingMode);
  checkPositions(x, positions);
  const [batch, channels, ...spatial] = x.shape as [number, number, ...number[]];
  const axes = positions.map((at, i) => tapsOf(at, { size: spatial[i] as number, mode, paddingMode, alignCorners }));
  const planes = reshape(x, [batch, channels, numel(spatial)]);
  return combined(axes, spatial).map((tap) => take(planes, tap));
}

function checkModes(mode: (typeof modes)[number], paddingMode: (typeof paddingModes)[number]): void {
  if (modes.includes(mode) && paddingModes.includes(paddingMode)) return;
  throw new ArgumentError({
    op: "interpolationTerms",
    expected: `a mode out of ${modes.join(", ")}, and a paddingMode out of ${paddingModes.join(", ")}`,
    got: `${mode} and ${paddingMode}`,
  });
}

function checkPositions(x: Tensor, positions: readonly Tensor[]): void {
  for (const t of [x, ...positions]) checkSameDType("interpolationTerms", floats, t.dtype);
  const [batch, , ...spatial] = x.shape;
  const points = positions[0]?.shape[1];
  const equal = positions.every(({ rank, shape }) => rank === 2 && shape[0] === batch && shape[1] === points);
  if (positions.length > 0 && positions.length === spatial.length && equal && !spatial.includes(0)) return;
  throw new ShapeError({
    op: "interpolationTerms",
    expected: "x [N, C, d1, ..., dr] with no empty axis d, and r tensors [N, P] of positions",
    got: [x, ...positions].map(({ shape }) => formatShape(shape)).join(", "),
  });
}

/** The elements of an axis that the value at each position is made of. */
function tapsOf(at: Tensor, axis: Axis): readonly Tap[] {
  const x = bounded(at, axis);
  if (axis.mode === "nearest") return [tapAt(round(x), null, axis)];
  const base = floor(x);
  const share = sub(x, base);
  if (axis.mode === "bilinear") return [tapAt(base, sub(1, share), axis), tapAt(add(base, 1), share, axis)];
  return [-1, 0, 1, 2].map((k) => tapAt(add(base, k), cubic(abs(sub(share, k)), Math.abs(k - 0.5) > 1), axis));
}

/** Keys' cubic kernel with a = -0.75, at distances up to 1 or beyond. */
function cubic(d: Tensor, far: boolean): Tensor {
  const a = -0.75;
  if (far) return mul(sub(mul(add(mul(sub(d, 5), d), 8), d), 4), a);
  return add(mul(mul(sub(mul(d, a + 2), a + 3), d), d), 1);
}

/**
 * Positions beyond the ends moved to the last centre, or reflected. For the cubic kernel, whose reach is longer, elements are
 * moved instead, as in PyTorch.
 */
function bounded(x: Tensor, axis: Axis): Tensor {
  if (axis.paddingMode === "reflection") return reflected(x, axis);
  return axis.paddingMode === "border" && axis.mode !== "bicubic" ? clamp(x, 0, axis.size - 1) : x;
}

/** Reflected at both ends until it is inside. */
function reflected(x: Tensor, { size, alignCorners }: Axis): Tensor {
  const [low, range] = alignCorners ? [0, size - 1] : [-0.5, size];
  if (range === 0) return clamp(x, low, low);
  const there = remainder(sub(x, low), 2 * range);
  return add(sub(range, abs(sub(there, range))), low);
}

/** The element at a whole position, which may lie outside of the axis. */
function tapAt(place: Tensor, weight: Tensor | null, axis: Axis): Tap {
  const { size, paddingMode } = axis;
  const inner = paddingMode === "reflection" ? reflected(place, axis) : place;
  const index = cast(clamp(inner, 0, size - 1), "int32");
  if (paddingMode !== "zeros") return { index, weight };
  const inside = cast(logicalAnd(greaterEqual(place, 0), less(place, size)), place.dtype);
  return { index, weight: weight ? mul(weight, inside) : inside };
}

/** From the taps of each axis those of the flattened planes: all combinations of one of each axis. */
function combined(axes: readonly (readonly Tap[])[], spatial: Shape): readonly Tap[] {
  return axes.reduce((taps, next, i) =>
    taps.flatMap((tap) =>
      next.map(({ index, weight }) => ({
        index: add(mul(tap.index, spatial[i] as number), index),
        weight: tap.weight && weight ? mul(tap.weight, weight) : (tap.weight ?? weight),
      })),
    ),
  );
}

/** The weighted elements of planes [N, C, elements] at the points: [N, C, P]. */
function take(planes: Tensor, { index, weight }: Tap): Tensor {
  const [batch, channels] = planes.shape as [number, number, number];
  const points = index.shape[1] as number;
  const taken = gather(planes, expand(reshape(index, [batch, 1, points]), [batch, channels, points]), 2);
  return weight ? mul(taken, reshape(weight, [batch, 1, points])) : taken;
}
