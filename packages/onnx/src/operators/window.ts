import { equalShapes, formatShape, numel, type Shape, ShapeError, type Tensor } from "@graftjs/tensor";
import { checkFill } from "../constant.ts";
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

/** The values of these attributes. */
export interface WindowAttributes {
  readonly auto_pad: string;
  readonly dilations: readonly number[] | undefined;
  readonly kernel_shape: readonly number[] | undefined;
  readonly pads: readonly number[] | undefined;
  readonly strides: readonly number[] | undefined;
}

/** Geometry of a window, a number for each axis, as the ops on one, two and three axes take it. */
export interface Window {
  readonly stride: readonly number[];
  readonly dilation: readonly number[];
  /** Before each axis, then after each. */
  readonly padding: readonly number[];
}

/** Most axes that a window may have: there are ops for one, two and three. */
const mostAxes = 3;

/** Why a node's window cannot be read, if so; a weight may tell its size instead. */
export function windowProblem(
  { auto_pad, pads, kernel_shape: kernel }: WindowAttributes,
  hasWeight: boolean,
): string | undefined {
  if (!["NOTSET", "VALID", "SAME_UPPER", "SAME_LOWER"].includes(auto_pad)) return `auto_pad "${auto_pad}"`;
  if (auto_pad === "NOTSET" && pads?.some((p) => p < 0)) return `negative pads [${pads}]`;
  if (!kernel) return hasWeight ? undefined : "no kernel_shape";
  if (kernel.length < 1 || kernel.length > mostAxes) return `a window over ${kernel.length} axes`;
  return undefined;
}

/** The op for a number of axes, out of those for one, two and three. @throws {ShapeError} if there is none */
export function overAxes<T>(op: string, byAxes: readonly T[], { shape }: Tensor): T {
  const found = byAxes[shape.length - 3];
  if (found !== undefined) return found;
  throw new ShapeError({ op, expected: "an input [N, C, ...] of one to three further axes", got: formatShape(shape) });
}

/** @throws {ShapeError} unless the lists have `axes` numbers each, if they are there */
export function checkLists(
  op: string,
  axes: number,
  lists: Readonly<Record<string, readonly number[] | undefined>>,
): void {
  for (const [name, list] of Object.entries(lists)) {
    if (!list || list.length === axes) continue;
    throw new ShapeError({ op, expected: `${name} of ${axes} numbers`, got: `[${list}]` });
  }
}

/**
 * The window of the size `kernel` that moves over the spatial axes of an input.
 * `auto_pad` SAME gives ⌈size / stride⌉ outputs, the odd pixel at the end (SAME_UPPER) or at the beginning (SAME_LOWER).
 * https://onnx.ai/onnx/operators/onnx__Conv.html
 * @throws {ShapeError} if there are not as many numbers as axes, a weight is not of the size that the node says, or there
 * is absurdly much padding
 */
export function windowOf(op: string, attributes: WindowAttributes, kernel: Shape, shape: Shape): Window {
  const { auto_pad, strides, dilations, pads, kernel_shape } = attributes;
  const spatial = shape.slice(2);
  const axes = spatial.length;
  if (kernel_shape && !equalShapes(kernel_shape, kernel))
    throw new ShapeError({ op, expected: `a window ${formatShape(kernel_shape)}`, got: formatShape(kernel) });
  checkLists(op, axes, { "a window": kernel, strides, dilations });
  checkLists(op, 2 * axes, { pads });
  const stride = strides ?? spatial.map(() => 1);
  const dilation = dilations ?? spatial.map(() => 1);
  const totals = spatial.map((size, i) => {
    if (auto_pad === "VALID" || auto_pad === "NOTSET") return 0;
    const step = stride[i] as number;
    const span = ((kernel[i] as number) - 1) * (dilation[i] as number) + 1;
    return Math.max(0, (Math.ceil(size / step) - 1) * step + span - size);
  });
  const [less, more] = [totals.map((t) => Math.floor(t / 2)), totals.map((t) => Math.ceil(t / 2))] as const;
  const automatic = auto_pad === "SAME_LOWER" ? [...more, ...less] : [...less, ...more];
  const padding = auto_pad === "NOTSET" && pads ? pads : automatic;
  const padded = spatial.map((d, i) => d + (padding[i] as number) + (padding[axes + i] as number));
  checkFill(op, [numel([...shape.slice(0, 2), ...padded]) - numel(shape)], numel(shape));
  return { stride, dilation, padding };
}

/** Elements of a plane that a pool may look at, over all places of its window. */
const mostVisits = 2 ** 30;

/** The window of a pool. With `auto_pad`, sizes are rounded as it says. @throws {ShapeError} as {@link windowOf} does */
export function poolWindow(
  op: string,
  attributes: WindowAttributes & { readonly ceil_mode: number },
  { shape }: Tensor,
): Window & { readonly ceilMode: boolean } {
  const { kernel_shape: kernel = [], auto_pad, ceil_mode } = attributes;
  const window = windowOf(op, attributes, kernel, shape);
  const places = shape.slice(2).map((d, i) => {
    const padded = d + (window.padding[i] as number) + (window.padding[kernel.length + i] as number);
    const span = (window.dilation[i] as number) * ((kernel[i] as number) - 1) + 1;
    return Math.ceil(Math.max(0, padded - span) / (window.stride[i] as number)) + 1;
  });
  if (numel(places) * numel(kernel) > mostVisits) {
    const expected = `a window that looks at most at ${mostVisits} elements of a plane`;
    throw new ShapeError({ op, expected, got: `${formatShape(kernel)} at ${formatShape(places)} places` });
  }
  return { ...window, ceilMode: ceil_mode === 1 && auto_pad === "NOTSET" };
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
