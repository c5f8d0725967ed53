import { ArgumentError, ShapeError } from "../errors.ts";
import { formatShape } from "../shape.ts";
import type { Tensor } from "../tensor.ts";
import { batched } from "./batched.ts";
import { conv2d, type PaddingMode } from "./conv2d.ts";
import { selectIndices } from "./indexSelect.ts";
import { pad } from "./pad.ts";
import { permute } from "./permute.ts";
import { reshape } from "./reshape.ts";

/** One number for all axes, or [depth, height, width]. */
export type Size3d = number | readonly [depth: number, height: number, width: number];

/** One number for all sides, [depth, height, width], or [front, top, left, back, bottom, right] as in ONNX. */
export type Padding3d =
  | Size3d
  | readonly [front: number, top: number, left: number, back: number, bottom: number, right: number];

/** Options of {@link conv3d}. */
export interface Conv3dOptions {
  readonly stride?: Size3d;
  readonly padding?: Padding3d | PaddingMode;
  readonly dilation?: Size3d;
  readonly groups?: number;
}

/**
 * A 3-d size as [depth, height, width].
 *
 * @example
 * ```ts
 * import { triple } from "@graftjs/tensor";
 *
 * console.log(triple(3), triple([1, 2, 3])); // [3, 3, 3] [1, 2, 3]
 * ```
 */
export function triple(size: Size3d): readonly [number, number, number] {
  return typeof size === "number" ? [size, size, size] : size;
}

/**
 * Padding as [front, top, left, back, bottom, right].
 *
 * @example
 * ```ts
 * import { volumeSides } from "@graftjs/tensor";
 *
 * console.log(volumeSides([0, 1, 2])); // [0, 1, 2, 0, 1, 2]
 * ```
 */
export function volumeSides(padding: Padding3d): readonly [number, number, number, number, number, number] {
  if (typeof padding !== "number" && padding.length === 6) return padding;
  const [depth, height, width] = triple(padding);
  return [depth, height, width, depth, height, width];
}

/**
 * 3-d convolution (cross-correlation) of [N, C, D, H, W] or [C, D, H, W] with a weight [O, C/groups, kD, kH, kW] and a bias
 * [O]: [N, O, D', H', W'] with D' = ⌊(D + padding - dilation · (kD - 1) - 1) / stride⌋ + 1.
 * The slices that an output slice reads are laid side by side as channels of a 2-d convolution, which takes kD times the
 * memory of the input. Defaults: stride 1, padding 0, dilation 1, groups 1. Padding may be `"same"`, or `"valid"`.
 * @throws {ShapeError} if shapes do not fit. @throws {ArgumentError} on options out of range.
 * Source: https://pytorch.org/docs/stable/generated/torch.nn.functional.conv3d.html
 *
 * @example
 * ```ts
 * import { conv3d, ones, tensor } from "@graftjs/tensor";
 *
 * console.log(conv3d(ones([1, 2, 2, 2]), ones([1, 1, 2, 2, 2]), tensor([0.5])).toNested()); // [[[[8.5]]]]
 * const frames = ones([1, 2, 8, 8, 8]);
 * console.log(conv3d(frames, ones([4, 2, 3, 3, 3]), null, { stride: [1, 2, 2], padding: 1 }).shape); // [1, 4, 8, 4, 4]
 * ```
 */
export function conv3d(x: Tensor, weight: Tensor, bias?: Tensor | null, options: Conv3dOptions = {}): Tensor {
  if (weight.rank !== 5 || (x.rank !== 4 && x.rank !== 5)) {
    throw new ShapeError({
      op: "conv3d",
      expected: "[N, C, D, H, W] or [C, D, H, W], and a weight [O, C/groups, kD, kH, kW]",
      got: `${formatShape(x.shape)} and ${formatShape(weight.shape)}`,
    });
  }
  return batched(x, 5, (volumes) => convolved(volumes, weight, bias ?? null, options));
}

function convolved(x: Tensor, weight: Tensor, bias: Tensor | null, options: Conv3dOptions): Tensor {
  const { padding = 0, groups = 1 } = options;
  const [stride, dilation] = [triple(options.stride ?? 1), triple(options.dilation ?? 1)];
  const [batch, channels, depth, height, width] = x.shape as [number, number, number, number, number];
  const [outputs, groupChannels, kernel, ...plane] = weight.shape as [number, number, number, number, number];
  const [before, after] = depthPadding(padding, kernel, stride, dilation);
  const out = Math.floor((depth + before + after - dilation[0] * (kernel - 1) - 1) / stride[0]) + 1;
  if (!(out >= 1)) {
    throw new ShapeError({
      op: "conv3d",
      expected: "a padded input at least as large as the dilated kernel",
      got: `input ${formatShape(x.shape)}, weight ${formatShape(weight.shape)}, ${JSON.stringify(options)}`,
    });
  }
  const none = [0, 0] as const;
  const padded = pad(x, [none, none, [before, after], none, none]);
  const at = Int32Array.from(
    { length: out * kernel },
    (_, i) => Math.floor(i / kernel) * stride[0] + (i % kernel) * dilation[0],
  );
  const windows = reshape(selectIndices(padded, at, 2), [batch, channels, out, kernel, height, width]);
  const planes = reshape(permute(windows, [0, 2, 1, 3, 4, 5]), [batch * out, channels * kernel, height, width]);
  const y = conv2d(planes, reshape(weight, [outputs, groupChannels * kernel, ...plane]), bias, {
    stride: [stride[1], stride[2]],
    padding: typeof padding === "string" ? padding : planeSides(padding),
    dilation: [dilation[1], dilation[2]],
    groups,
  });
  return permute(reshape(y, [batch, out, outputs, ...y.shape.slice(2)]), [0, 2, 1, 3, 4]);
}

/** The part of the padding that is around each slice. */
export function planeSides(padding: Padding3d): readonly [top: number, left: number, bottom: number, right: number] {
  const [, top, left, , bottom, right] = volumeSides(padding);
  return [top, left, bottom, right];
}

/** Padding before and after the first axis. @throws {ArgumentError} on options out of range. */
function depthPadding(
  padding: Padding3d | PaddingMode,
  kernel: number,
  stride: readonly number[],
  dilation: readonly number[],
): readonly [number, number] {
  const [step = 1, gap = 1] = [stride[0], dilation[0]];
  const total = padding === "same" ? gap * (kernel - 1) : 0;
  const [before, , , after] =
    typeof padding === "string" ? [Math.floor(total / 2), 0, 0, total - Math.floor(total / 2)] : volumeSides(padding);
  const positive = [step, gap].every((v) => Number.isInteger(v) && v >= 1);
  const natural = [before, after].every((v) => Number.isInteger(v) && v >= 0);
  if (!positive || !natural || (padding === "same" && step !== 1)) {
    throw new ArgumentError({
      op: "conv3d",
      expected: 'integers: stride and dilation >= 1, padding >= 0, and with padding "same" stride 1',
      got: JSON.stringify({ stride, padding, dilation }),
    });
  }
  return [before, after];
}
