import { apply1 } from "../apply.ts";
import { ArgumentError, ShapeError } from "../errors.ts";
import type { TensorSpec } from "../graph/graph.ts";
import type { NDArray, Op } from "../op.ts";
import { formatShape, type Shape } from "../shape.ts";
import type { Tensor } from "../tensor.ts";
import { batched } from "./batched.ts";
import { conv2dInputGradOp } from "./conv2dInputGrad.ts";
import { conv2dWeightGradOp } from "./conv2dWeightGrad.ts";
import { checkSameDType, floats, oneOutput } from "./define.ts";
import { sum } from "./sum.ts";

/** Attributes of a convolution, complete. */
export interface Conv2dAttrs {
  readonly stride: readonly [height: number, width: number];
  readonly padding: readonly [top: number, left: number, bottom: number, right: number];
  readonly dilation: readonly [height: number, width: number];
  readonly groups: number;
}

/**
 * Output height and width: ⌊(in + padding - dilation·(kernel - 1) - 1) / stride⌋ + 1.
 *
 * @example
 * ```ts
 * import { conv2dOutputSize } from "@graftjs/tensor";
 *
 * const attrs = { stride: [2, 2], padding: [1, 1, 1, 1], dilation: [1, 1], groups: 1 } as const;
 * console.log(conv2dOutputSize(attrs, [1, 3, 224, 224], [64, 3, 7, 7])); // [110, 110]
 * ```
 */
export function conv2dOutputSize(attrs: Conv2dAttrs, input: Shape, weight: Shape): [number, number] {
  const { stride, padding, dilation } = attrs;
  const extent = (axis: 0 | 1): number => {
    const padded = (input[2 + axis] as number) + padding[axis] + padding[(axis + 2) as 2 | 3];
    return Math.floor((padded - dilation[axis] * ((weight[2 + axis] as number) - 1) - 1) / stride[axis]) + 1;
  };
  return [extent(0), extent(1)];
}

/** Calls `visit` with the flat offsets into output, input and weight of every product that the convolution sums. */
export function forEachProduct(
  attrs: Conv2dAttrs,
  input: Shape,
  weight: Shape,
  visit: (output: number, input: number, weight: number) => void,
): void {
  const [batch, channels, height, width] = input as [number, number, number, number];
  const [outChannels, groupChannels, kernelHeight, kernelWidth] = weight as [number, number, number, number];
  const [outHeight, outWidth] = conv2dOutputSize(attrs, input, weight);
  const { stride, padding, dilation, groups } = attrs;
  const perGroup = outChannels / groups;
  for (let n = 0; n < batch; n++) {
    for (let o = 0; o < outChannels; o++) {
      const firstChannel = Math.floor(o / perGroup) * groupChannels;
      for (let i = 0; i < groupChannels; i++) {
        for (let ky = 0; ky < kernelHeight; ky++) {
          for (let kx = 0; kx < kernelWidth; kx++) {
            const w = ((o * groupChannels + i) * kernelHeight + ky) * kernelWidth + kx;
            for (let oy = 0; oy < outHeight; oy++) {
              const y = oy * stride[0] - padding[0] + ky * dilation[0];
              if (y < 0 || y >= height) continue;
              const inputRow = ((n * channels + firstChannel + i) * height + y) * width;
              const outputRow = ((n * outChannels + o) * outHeight + oy) * outWidth;
              for (let ox = 0; ox < outWidth; ox++) {
                const x = ox * stride[1] - padding[1] + kx * dilation[1];
                if (x >= 0 && x < width) visit(outputRow + ox, inputRow + x, w);
              }
            }
          }
        }
      }
    }
  }
}

/** @throws {ShapeError | ArgumentError} unless input, weight and attributes fit together. */
export function checkConv2d(op: string, attrs: Conv2dAttrs, input: Shape, weight: Shape): void {
  const { stride, padding, dilation, groups } = attrs;
  const integers = [...stride, ...dilation, groups].every((v) => Number.isInteger(v) && v >= 1);
  if (!integers || !padding.every((v) => Number.isInteger(v))) {
    throw new ArgumentError({
      op,
      expected: "integer padding, and stride, dilation and groups that are integers >= 1",
      got: JSON.stringify(attrs),
    });
  }
  const channels = input[1] as number;
  const [outChannels, groupChannels] = weight as [number, number];
  const fits = input.length === 4 && weight.length === 4 && channels === groupChannels * groups;
  if (!fits || outChannels % groups !== 0) {
    throw new ShapeError({
      op,
      expected: `input [N, C, H, W] and weight [O, C/${groups}, kH, kW] with O divisible by ${groups} groups`,
      got: `input ${formatShape(input)} and weight ${formatShape(weight)}`,
    });
  }
  if (conv2dOutputSize(attrs, input, weight).some((d) => d < 1)) {
    throw new ShapeError({
      op,
      expected: "a padded input at least as large as the dilated kernel",
      got: `input ${formatShape(input)}, weight ${formatShape(weight)}, ${JSON.stringify(attrs)}`,
    });
  }
}

export const conv2dOp: Op<Conv2dAttrs> = {
  name: "conv2d",
  kind: "kernel",
  infer: (attrs, x, weight, bias) => {
    const w = weight as TensorSpec;
    checkSameDType("conv2d", floats, x.dtype, w.dtype, ...(bias ? [bias.dtype] : []));
    checkConv2d("conv2d", attrs, x.shape, w.shape);
    if (bias && (bias.shape.length !== 1 || bias.shape[0] !== w.shape[0])) {
      throw new ShapeError({ op: "conv2d", expected: `a bias [${w.shape[0]}]`, got: formatShape(bias.shape) });
    }
    return oneOutput([x.shape[0] as number, w.shape[0] as number, ...conv2dOutputSize(attrs, x.shape, w.shape)], x);
  },
  grad: ({ grad, attrs, needs }, x, weight, bias) => [
    needs(0) ? apply1(conv2dInputGradOp, [grad, weight], { ...attrs, inputShape: x.shape }) : null,
    needs(1) ? apply1(conv2dWeightGradOp, [grad, x], { ...attrs, weightShape: weight.shape }) : null,
    ...(bias ? [needs(2) ? sum(grad, { axes: [0, 2, 3] }) : null] : []),
  ],
  reference: ({ attrs, output }, x, weight, bias?: NDArray) => {
    const total = new Float64Array(output.data.length);
    if (bias) {
      const [, channels, height, width] = output.shape as [number, number, number, number];
      total.forEach((_, i) => {
        total[i] = bias.data[Math.floor(i / (height * width)) % channels] as number;
      });
    }
    forEachProduct(attrs, x.shape, weight.shape, (o, i, w) => {
      total[o] = (total[o] as number) + (x.data[i] as number) * (weight.data[w] as number);
    });
    output.data.set(total);
  },
  samples: [
    { attrs: geometry(), inputs: [[2, 3, 5, 6], [4, 3, 3, 3], [4]] },
    {
      attrs: geometry({ stride: [2, 2], padding: [1, 1, 1, 1] }),
      inputs: [
        [1, 3, 7, 7],
        [5, 3, 3, 3],
      ],
    },
    { attrs: geometry({ padding: [0, 0, 1, 1], stride: [2, 2] }), inputs: [[1, 2, 6, 6], [3, 2, 3, 3], [3]] },
    {
      attrs: geometry({ dilation: [2, 1], padding: [2, 1, 2, 1] }),
      inputs: [
        [1, 2, 6, 5],
        [3, 2, 3, 3],
      ],
    },
    { attrs: geometry({ groups: 2 }), inputs: [[2, 4, 4, 4], [6, 2, 2, 3], [6]] },
    { attrs: geometry({ groups: 4, padding: [1, 1, 1, 1] }), inputs: [[2, 4, 6, 9], [4, 1, 3, 3], [4]] },
    {
      attrs: geometry({ groups: 3, padding: [2, 2, 2, 2], stride: [2, 2] }),
      inputs: [
        [1, 3, 7, 8],
        [6, 1, 5, 5],
      ],
    },
    { attrs: geometry(), inputs: [[2, 6, 3, 5], [7, 6, 1, 1], [7]] },
    {
      attrs: geometry({ stride: [2, 2] }),
      inputs: [
        [1, 4, 5, 5],
        [3, 4, 1, 1],
      ],
    },
  ],
};

function geometry(attrs: Partial<Conv2dAttrs> = {}): Conv2dAttrs {
  return { stride: [1, 1], padding: [0, 0, 0, 0], dilation: [1, 1], groups: 1, ...attrs };
}

/** One number for both axes, or [height, width]. */
export type Size2d = number | readonly [height: number, width: number];

/** One number for all sides, [vertical, horizontal], or [top, left, bottom, right] as in ONNX. */
export type Padding2d =
  | number
  | readonly [vertical: number, horizontal: number]
  | readonly [top: number, left: number, bottom: number, right: number];

/**
 * A 2-d size as [height, width].
 *
 * @example
 * ```ts
 * import { pair } from "@graftjs/tensor";
 *
 * console.log(pair(3), pair([3, 5])); // [3, 3] [3, 5]
 * ```
 */
export function pair(size: Size2d): readonly [number, number] {
  return typeof size === "number" ? [size, size] : size;
}

/**
 * Padding as [top, left, bottom, right].
 *
 * @example
 * ```ts
 * import { sides } from "@graftjs/tensor";
 *
 * console.log(sides(1), sides([1, 2]), sides([1, 2, 3, 4])); // [1, 1, 1, 1] [1, 2, 1, 2] [1, 2, 3, 4]
 * ```
 */
export function sides(padding: Padding2d): readonly [number, number, number, number] {
  if (typeof padding === "number") return [padding, padding, padding, padding];
  return padding.length === 2 ? [padding[0], padding[1], padding[0], padding[1]] : padding;
}

/** `"valid"`: none. `"same"`: what keeps the size, at stride 1; the odd one of an even kernel goes to the end. */
export type PaddingMode = "valid" | "same";

/**
 * The padding that a name stands for, or the one given.
 * @throws {ArgumentError} on `"same"` with a stride, or another name.
 *
 * @example
 * ```ts
 * import { namedPadding } from "@graftjs/tensor";
 *
 * const options = { kernelSize: [3, 4], stride: [1, 1], dilation: [1, 1] } as const;
 * console.log(namedPadding("conv2d", "same", options), namedPadding("conv2d", 2, options)); // [1, 1, 1, 2] [2, 2, 2, 2]
 * ```
 */
export function namedPadding(
  op: string,
  padding: Padding2d | PaddingMode,
  {
    kernelSize,
    stride,
    dilation,
  }: { readonly [name in "kernelSize" | "stride" | "dilation"]: readonly [number, number] },
): readonly [number, number, number, number] {
  if (typeof padding !== "string") return sides(padding);
  if (padding === "valid") return [0, 0, 0, 0];
  if (padding !== "same" || stride.some((s) => s !== 1)) {
    throw new ArgumentError({
      op,
      expected: 'padding in numbers, "valid", or, with stride 1, "same"',
      got: `${JSON.stringify(padding)} with stride ${formatShape(stride)}`,
    });
  }
  const total = ([0, 1] as const).map((axis) => dilation[axis] * (kernelSize[axis] - 1)) as [number, number];
  const before = total.map((t) => Math.floor(t / 2)) as [number, number];
  return [...before, total[0] - before[0], total[1] - before[1]];
}

/** Options of {@link conv2d}. */
export interface Conv2dOptions {
  readonly stride?: Size2d;
  readonly padding?: Padding2d | PaddingMode;
  readonly dilation?: Size2d;
  readonly groups?: number;
}

/**
 * 2-d convolution (cross-correlation): y[n, o, i, j] = bias[o] + Σ x[n, c, i·s + ky·d - p, j·s + kx·d - p] · w[o, c, ky, kx]
 * over the channels c of o's group. x is [N, C, H, W] or [C, H, W], weight [O, C/groups, kH, kW], bias [O],
 * y [N, O, H', W'] with H' = ⌊(H + padding - dilation · (kH - 1) - 1) / stride⌋ + 1.
 * Defaults: stride 1, padding 0, dilation 1, groups 1. Padding may be `"same"`, which keeps the size, or `"valid"`.
 * @throws {ShapeError} if shapes do not fit. @throws {ArgumentError} on attributes out of range.
 * Source: https://pytorch.org/docs/stable/generated/torch.nn.functional.conv2d.html
 *
 * @example
 * ```ts
 * import { conv2d, ones, tensor } from "@graftjs/tensor";
 *
 * const edges = tensor([[[[1, -1]]]]);
 * console.log(conv2d(tensor([[[[1, 1, 5], [1, 1, 5]]]]), edges).toNested()); // [[[[0, -4], [0, -4]]]]
 * const grouped = conv2d(ones([1, 4, 8, 8]), ones([6, 2, 3, 3]), null, { stride: 2, padding: 1, groups: 2 });
 * console.log(grouped.shape); // [1, 6, 4, 4]
 * ```
 */
export function conv2d(x: Tensor, weight: Tensor, bias?: Tensor | null, options: Conv2dOptions = {}): Tensor {
  const { padding = 0, groups = 1 } = options;
  const [stride, dilation] = [pair(options.stride ?? 1), pair(options.dilation ?? 1)];
  const kernelSize = weight.shape.slice(2) as [number, number];
  const attrs = {
    stride,
    padding: namedPadding("conv2d", padding, { kernelSize, stride, dilation }),
    dilation,
    groups,
  };
  return batched(x, 4, (planes) => apply1(conv2dOp, bias ? [planes, weight, bias] : [planes, weight], attrs));
}
