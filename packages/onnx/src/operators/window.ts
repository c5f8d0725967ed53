import { reshape, type Shape, type Tensor } from "@graftjs/tensor";
import { type AttributeSpec, ints, string } from "../operator.ts";
import type { NodeSpecAttribute } from "../splice.ts";

/** Attributes that convolution and pooling share. */
export const windowAttributes: {
  readonly auto_pad: AttributeSpec<string>;
  readonly dilations: AttributeSpec<readonly number[] | undefined>;
  readonly kernel_shape: AttributeSpec<readonly number[] | undefined>;
  readonly pads: AttributeSpec<readonly number[] | undefined>;
  readonly strides: AttributeSpec<readonly number[] | undefined>;
} = { auto_pad: string("NOTSET"), dilations: ints(), kernel_shape: ints(), pads: ints(), strides: ints() };

interface WindowAttributes {
  readonly auto_pad: string;
  readonly dilations: readonly number[] | undefined;
  readonly pads: readonly number[] | undefined;
  readonly strides: readonly number[] | undefined;
}

/** Geometry of a 2-d window. */
export interface Window {
  readonly stride: readonly [number, number];
  readonly dilation: readonly [number, number];
  readonly padding: readonly [top: number, left: number, bottom: number, right: number];
}

/** Why a node's window cannot be read, if so. */
export function windowProblem({ auto_pad, pads }: WindowAttributes): string | undefined {
  if (!["NOTSET", "VALID", "SAME_UPPER", "SAME_LOWER"].includes(auto_pad)) return `auto_pad "${auto_pad}"`;
  if (pads?.some((p) => p < 0)) return `negative pads [${pads}]`;
  return undefined;
}

/**
 * The window for an input of two or three spatial-and-other axes fewer: 1-d windows get a first axis of size 1.
 * `auto_pad` SAME gives ⌈size / stride⌉ outputs, the odd pixel at the end (SAME_UPPER) or at the beginning (SAME_LOWER).
 * https://onnx.ai/onnx/operators/onnx__Conv.html
 */
export function window2d(attributes: WindowAttributes, kernel: readonly number[], spatial: Shape): Window {
  const { auto_pad, pads } = attributes;
  const axes = spatial.length;
  const strides = attributes.strides ?? spatial.map(() => 1);
  const dilations = attributes.dilations ?? spatial.map(() => 1);
  const sides = spatial.map((size, i): readonly [number, number] => {
    if (auto_pad === "NOTSET") return [pads?.[i] ?? 0, pads?.[axes + i] ?? 0];
    if (auto_pad === "VALID") return [0, 0];
    const [stride, dilation] = [strides[i] as number, dilations[i] as number];
    const covered = (Math.ceil(size / stride) - 1) * stride + ((kernel[i] as number) - 1) * dilation + 1;
    const total = Math.max(0, covered - size);
    const less = Math.floor(total / 2);
    return auto_pad === "SAME_UPPER" ? [less, total - less] : [total - less, less];
  });
  const two = <T>(values: readonly T[], one: T): readonly [T, T] =>
    axes === 1 ? [one, values[0] as T] : [values[0] as T, values[1] as T];
  const [[top, bottom], [left, right]] = two<readonly [number, number]>(sides, [0, 0]);
  return { stride: two(strides, 1), dilation: two(dilations, 1), padding: [top, left, bottom, right] };
}

/** A window's geometry as attributes of a node. */
export function windowNodeAttributes(
  kernel: readonly number[],
  stride: readonly number[],
  padding: readonly number[],
  dilation: readonly number[],
): Record<"kernel_shape" | "strides" | "pads" | "dilations", NodeSpecAttribute> {
  const list = (value: readonly number[]): NodeSpecAttribute => ({ type: "ints", value });
  return { kernel_shape: list(kernel), strides: list(stride), pads: list(padding), dilations: list(dilation) };
}

/** [N, C, W] as [N, C, 1, W]; anything else as it is. */
export function withHeight(x: Tensor): Tensor {
  return x.rank === 3 ? reshape(x, [x.shape[0] as number, x.shape[1] as number, 1, x.shape[2] as number]) : x;
}

/** Undoes {@link withHeight} on a result where the input had rank 3. */
export function withoutHeight(y: Tensor, rank: number): Tensor {
  return rank === 3 ? reshape(y, [y.shape[0] as number, y.shape[1] as number, y.shape[3] as number]) : y;
}
