import { ShapeError } from "../errors.ts";
import { formatShape } from "../shape.ts";
import type { Tensor } from "../tensor.ts";
import { asPlanes } from "./batched.ts";
import { conv2d, type PaddingMode } from "./conv2d.ts";
import { unsqueeze } from "./reshape.ts";

/** A number, alone or in a list. */
export type Size1d = number | readonly [length: number];

/** One number for both sides, alone or in a list, or [left, right]. */
export type Padding1d = number | readonly [both: number] | readonly [left: number, right: number];

/**
 * A 1-d size as a number.
 *
 * @example
 * ```ts
 * import { single } from "@graftjs/tensor";
 *
 * console.log(single(3), single([3])); // 3 3
 * ```
 */
export function single(size: Size1d): number {
  return typeof size === "number" ? size : size[0];
}

/**
 * Padding of [N, C, L] as that of [N, C, 1, L]: [top, left, bottom, right].
 *
 * @example
 * ```ts
 * import { planarSides } from "@graftjs/tensor";
 *
 * console.log(planarSides(2), planarSides([1, 3])); // [0, 2, 0, 2] [0, 1, 0, 3]
 * ```
 */
export function planarSides(padding: Padding1d): readonly [number, number, number, number] {
  const [left, right = left] = typeof padding === "number" ? [padding] : padding;
  return [0, left, 0, right];
}

/** Options of {@link conv1d}. */
export interface Conv1dOptions {
  readonly stride?: Size1d;
  readonly padding?: Padding1d | PaddingMode;
  readonly dilation?: Size1d;
  readonly groups?: number;
}

/**
 * 1-d convolution (cross-correlation): y[n, o, i] = bias[o] + Σ x[n, c, i·s + k·d - p] · w[o, c, k] over the channels c of
 * o's group. x is [N, C, L] or [C, L], weight [O, C/groups, k], bias [O], y [N, O, L'] with
 * L' = ⌊(L + padding - dilation · (k - 1) - 1) / stride⌋ + 1.
 * Defaults: stride 1, padding 0, dilation 1, groups 1. Padding may be `"same"`, which keeps the length, or `"valid"`.
 * @throws {ShapeError} if shapes do not fit. @throws {ArgumentError} on options out of range.
 * Source: https://pytorch.org/docs/stable/generated/torch.nn.functional.conv1d.html
 *
 * @example
 * ```ts
 * import { conv1d, ones, tensor } from "@graftjs/tensor";
 *
 * const x = tensor([[1, 2, 4, 8]]);
 * console.log(conv1d(x, tensor([[[-1, 1]]])).toNested()); // [[1, 2, 4]]
 * console.log(conv1d(x, ones([1, 1, 3]), tensor([0.5]), { padding: "same" }).toNested()); // [[3.5, 7.5, 14.5, 12.5]]
 * ```
 */
export function conv1d(x: Tensor, weight: Tensor, bias?: Tensor | null, options: Conv1dOptions = {}): Tensor {
  const { stride = 1, padding = 0, dilation = 1, groups = 1 } = options;
  checkRowWeight("conv1d", weight, "[O, C/groups, k]");
  return asPlanes("conv1d", x, (planes) =>
    conv2d(planes, unsqueeze(weight, 2), bias, {
      stride: [1, single(stride)],
      padding: typeof padding === "string" ? padding : planarSides(padding),
      dilation: [1, single(dilation)],
      groups,
    }),
  );
}

/** @throws {ShapeError} unless the weight of a 1-d convolution has three axes. */
export function checkRowWeight(op: string, weight: Tensor, expected: string): void {
  if (weight.rank !== 3) throw new ShapeError({ op, expected: `a weight ${expected}`, got: formatShape(weight.shape) });
}
