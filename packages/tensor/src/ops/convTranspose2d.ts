import { apply1 } from "../apply.ts";
import { ArgumentError, ShapeError } from "../errors.ts";
import { formatShape } from "../shape.ts";
import type { Tensor } from "../tensor.ts";
import { add } from "./add.ts";
import { batched } from "./batched.ts";
import { type Padding2d, pair, type Size2d, sides } from "./conv2d.ts";
import { conv2dInputGradOp } from "./conv2dInputGrad.ts";
import { checkSameDType, floats } from "./define.ts";
import { pad } from "./pad.ts";
import { reshape } from "./reshape.ts";

/** Options of {@link convTranspose2d}. */
export interface ConvTranspose2dOptions {
  readonly stride?: Size2d;
  /** What is taken off each side of the result. Default 0. */
  readonly padding?: Padding2d;
  /** What the result is larger by at its end; smaller than stride or dilation. Default 0. */
  readonly outputPadding?: Size2d;
  readonly groups?: number;
  readonly dilation?: Size2d;
}

/**
 * 2-d transposed convolution, the gradient of `conv2d` with respect to its input:
 * y[n, o, i·s + ky·d - p, j·s + kx·d - p] += x[n, c, i, j] · w[c, o, ky, kx] over the channels c of o's group, plus bias[o].
 * x is [N, C, H, W] or [C, H, W], weight [C, O/groups, kH, kW], bias [O], y [N, O, H', W'] with
 * H' = (H - 1) · stride - padding + dilation · (kH - 1) + outputPadding + 1, padding being that of both sides.
 * Defaults: stride 1, padding 0, outputPadding 0, groups 1, dilation 1.
 * @throws {ShapeError} if shapes do not fit, or nothing remains. @throws {ArgumentError} on options out of range.
 * @throws {DTypeError} if the dtypes differ or are not float.
 * Source: https://pytorch.org/docs/stable/generated/torch.nn.functional.conv_transpose2d.html
 *
 * @example
 * ```ts
 * import { convTranspose2d, tensor } from "@graftjs/tensor";
 *
 * const weight = tensor([[[[1, 10], [0, 1]]]]);
 * const x = tensor([[[1, 2]]]);
 * console.log(convTranspose2d(x, weight, null, { stride: 2 }).toNested()); // [[[1, 10, 2, 20], [0, 1, 0, 2]]]
 * ```
 */
export function convTranspose2d(
  x: Tensor,
  weight: Tensor,
  bias?: Tensor | null,
  options: ConvTranspose2dOptions = {},
): Tensor {
  return batched(x, 4, (planes) => transposed("convTranspose2d", planes, weight, bias ?? null, options));
}

/** The transposed convolution of [N, C, H, W], in the name of `op`. */
export function transposed(
  op: string,
  x: Tensor,
  weight: Tensor,
  bias: Tensor | null,
  options: ConvTranspose2dOptions,
): Tensor {
  checkSameDType(op, floats, x.dtype, weight.dtype, ...(bias ? [bias.dtype] : []));
  const { groups = 1 } = options;
  const [stride, dilation] = [pair(options.stride ?? 1), pair(options.dilation ?? 1)];
  const [padding, outputPadding] = [sides(options.padding ?? 0), pair(options.outputPadding ?? 0)];
  checkTransposed(op, { stride, padding, dilation, groups, outputPadding });
  const [channels, groupOutputs, ...kernel] = weight.shape as [number, number, number, number];
  const outputs = groupOutputs * groups;
  const fits = x.rank === 4 && weight.rank === 4 && x.shape[1] === channels && channels % groups === 0;
  if (!fits || (bias && (bias.rank !== 1 || bias.size !== outputs))) {
    throw new ShapeError({
      op,
      expected: `input [N, C, H, W], weight [C, O/${groups}, kH, kW] with C divisible by ${groups} groups, and bias [O]`,
      got: [x, weight, ...(bias ? [bias] : [])].map((t) => formatShape(t.shape)).join(", "),
    });
  }
  const extent = (axis: 0 | 1): number => {
    const spread = ((x.shape[2 + axis] as number) - 1) * stride[axis] + dilation[axis] * ((kernel[axis] as number) - 1);
    return spread - padding[axis] - padding[(axis + 2) as 2 | 3] + outputPadding[axis] + 1;
  };
  const size = [extent(0), extent(1)] as const;
  if (size.some((d) => d < 1)) {
    throw new ShapeError({ op, expected: "a result of at least one row and column", got: formatShape(size) });
  }
  // Where the result is larger by strides, the convolution back to `x` would see more of it: zeros, then.
  const [below, right] = [0, 1].map((axis) => Math.floor((outputPadding[axis] as number) / (stride[axis] as number)));
  const full = pad(x, [
    [0, 0],
    [0, 0],
    [0, below as number],
    [0, right as number],
  ]);
  const y = apply1(conv2dInputGradOp, [full, weight], {
    stride,
    padding,
    dilation,
    groups,
    inputShape: [x.shape[0] as number, outputs, ...size],
  });
  return bias ? add(y, reshape(bias, [outputs, 1, 1])) : y;
}

/** @throws {ArgumentError} on options of a transposed convolution that are out of range. */
export function checkTransposed(
  op: string,
  options: { readonly [name in "stride" | "padding" | "dilation" | "outputPadding"]: readonly number[] } & {
    readonly groups: number;
  },
): void {
  const { stride, padding, dilation, groups, outputPadding } = options;
  const positive = [...stride, ...dilation, groups].every((v) => Number.isInteger(v) && v >= 1);
  const natural = [...padding, ...outputPadding].every((v) => Number.isInteger(v) && v >= 0);
  const small = outputPadding.every((v, axis) => v < Math.max(stride[axis] as number, dilation[axis] as number));
  if (positive && natural && small) return;
  throw new ArgumentError({
    op,
    expected: "integers: stride, dilation, groups >= 1, padding >= 0, and 0 <= outputPadding < max(stride, dilation)",
    got: JSON.stringify(options),
  });
}
