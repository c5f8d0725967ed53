import {
  add,
  convTranspose1d,
  convTranspose2d,
  convTranspose3d,
  formatShape,
  type KernelAttrs,
  pad,
  reshape,
  type Shape,
  ShapeError,
  type Tensor,
} from "@graftjs/tensor";
import { checkFill } from "../constant.ts";
import { defineOperator, int, ints, type Operator } from "../operator.ts";
import { cropped } from "./pad.ts";
import {
  checkLists,
  overAxes,
  type Window,
  type WindowAttributes,
  windowAttributes,
  windowNodeAttributes,
  windowOf,
  windowProblem,
} from "./window.ts";

/** They differ in how many numbers their options list. */
const transposedConvolutions = [convTranspose1d, convTranspose2d, convTranspose3d] as readonly unknown[] as readonly ((
  x: Tensor,
  weight: Tensor,
  bias: Tensor | null,
  options: Window & { readonly groups: number },
) => Tensor)[];

/** Transposed convolution over one, two or three axes. https://onnx.ai/onnx/operators/onnx__ConvTranspose.html */
export const convTransposeOperator: Operator = defineOperator({
  opType: "ConvTranspose",
  since: [1, 11, 22],
  attributes: { ...windowAttributes, group: int(1), output_padding: ints(), output_shape: ints() },
  roles: { 1: "parameter", 2: "parameter" },
  exports: {
    conv2dInputGrad: ({ op, emit, input }) => {
      const { stride, padding, dilation, groups, inputShape } = op.attrs as KernelAttrs["conv2dInputGrad"];
      const [from, weight] = [0, 1].map((i) => op.inputs[i]?.spec.shape.slice(2)) as unknown as [
        readonly number[],
        readonly number[],
      ];
      const outputPadding = inputShape.slice(2).map((size, i) => {
        const covered = ((from[i] as number) - 1) * (stride[i] as number);
        const window = ((weight[i] as number) - 1) * (dilation[i] as number) + 1;
        return size - covered - window + (padding[i] as number) + (padding[i + 2] as number);
      });
      emit("ConvTranspose", [input(0), input(1)], {
        ...windowNodeAttributes(weight, stride, padding, dilation),
        group: { type: "int", value: groups },
        ...(outputPadding.some((p) => p !== 0) && { output_padding: { type: "ints", value: outputPadding } }),
      });
    },
  },
  import: ({ opset, attributes, reject }) => {
    const problem = windowProblem(attributes, true);
    if (problem) reject(problem);
    return (inputs) => {
      const [x, weight] = [inputs.tensor(0), inputs.tensor(1)];
      if (weight.rank !== x.rank) {
        throw new ShapeError({
          op: "ConvTranspose",
          expected: "input and weight of the same number of axes",
          got: `${formatShape(x.shape)} and ${formatShape(weight.shape)}`,
        });
      }
      const convolve = overAxes("ConvTranspose", transposedConvolutions, x);
      const { stride, dilation, sides, size } = geometry(attributes, weight.shape.slice(2), x.shape, opset);
      checkFill(
        "ConvTranspose",
        [x.shape[0] as number, (weight.shape[1] as number) * attributes.group, ...size],
        x.size,
      );
      const bias = inputs.has(2) ? inputs.tensor(2) : null;
      const options = { stride, dilation, groups: attributes.group };
      if (sides.flat().every((n) => n <= 0)) {
        const padding = [0, 1].flatMap((end) => sides.map((side) => -(side[end] as number)));
        return convolve(x, weight, bias, { ...options, padding });
      }
      // More can be taken off at one end than windows cover, of what is added at the other.
      const covered = convolve(x, weight, null, { ...options, padding: sides.flatMap(() => [0, 0]) });
      const ends = [[0, 0] as const, [0, 0] as const, ...sides];
      const added = ends.map((side) => [Math.max(0, side[0]), Math.max(0, side[1])] as const);
      const y = cropped(pad(covered, added), ends);
      return bias ? add(y, reshape(bias, [bias.size, ...sides.map(() => 1)])) : y;
    };
  },
});

/** How far a result reaches beyond all that windows cover, before and after each axis; below zero where it falls short. */
interface Geometry extends Pick<Window, "stride" | "dilation"> {
  readonly sides: readonly (readonly [before: number, after: number])[];
  /** Of the result. */
  readonly size: Shape;
}

interface TransposedAttributes extends WindowAttributes {
  readonly output_padding: readonly number[] | undefined;
  readonly output_shape: readonly number[] | undefined;
}

/**
 * The sides are the pads, and the padding of the output after it; or what a given shape needs, by default with SAME
 * size · stride, the odd pixel taken off at the end (SAME_UPPER) or at the beginning. Below version 11 that of SAME_UPPER and
 * that of all others were the other way round.
 */
function geometry(attributes: TransposedAttributes, kernel: readonly number[], shape: Shape, opset: number): Geometry {
  const { auto_pad, output_padding: extra, output_shape: given } = attributes;
  const same = auto_pad.startsWith("SAME");
  const explicit = windowOf("ConvTranspose", same ? { ...attributes, auto_pad: "VALID" } : attributes, kernel, shape);
  const { stride, dilation, padding } = explicit;
  const spatial = shape.slice(2);
  const axes = spatial.length;
  checkLists("ConvTranspose", axes, { output_padding: extra });
  // Some exporters list the batch and the channels as well.
  const wanted = given?.length === axes + 2 ? given.slice(2) : given;
  checkLists("ConvTranspose", axes, { output_shape: wanted });
  const atEnd = (auto_pad === "SAME_UPPER") === opset >= 11;
  const covered = spatial.map((size, i) => {
    const span = ((kernel[i] as number) - 1) * (dilation[i] as number) + 1;
    return (stride[i] as number) * (size - 1) + span;
  });
  const sides = spatial.map((size, i): readonly [number, number] => {
    const more = extra?.[i] ?? 0;
    if (!same && !wanted) return [-(padding[i] as number), more - (padding[axes + i] as number)];
    const total = (covered[i] as number) + more - (wanted?.[i] ?? size * (stride[i] as number));
    const [less, rest] = [Math.floor(total / 2), Math.ceil(total / 2)];
    return atEnd ? [-less, more - rest] : [-rest, more - less];
  });
  const size = sides.map(([before, after], i) => before + (covered[i] as number) + after);
  return { stride, dilation, sides, size };
}
