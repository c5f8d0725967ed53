import { convTranspose2d, formatShape, type KernelAttrs, ShapeError } from "@graftjs/tensor";
import { defineOperator, int, ints, type Operator } from "../operator.ts";
import { window2d, windowAttributes, windowNodeAttributes, withHeight, withoutHeight } from "./window.ts";

/** Transposed convolution over one or two axes. https://onnx.ai/onnx/operators/onnx__ConvTranspose.html */
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
  import: ({ attributes, reject }) => {
    const { auto_pad, group, output_padding, output_shape, pads } = attributes;
    if (auto_pad !== "NOTSET" && auto_pad !== "VALID") reject(`auto_pad "${auto_pad}"`);
    if (pads?.some((p) => p < 0)) reject(`negative pads [${pads}]`);
    if (output_shape) reject("a given output_shape");
    if ((attributes.kernel_shape?.length ?? 2) > 2) reject("a convolution over three axes");
    return (inputs) => {
      const [x, weight] = [inputs.tensor(0), inputs.tensor(1)];
      if (weight.rank !== x.rank || (x.rank !== 3 && x.rank !== 4)) {
        throw new ShapeError({
          op: "ConvTranspose",
          expected: "input and weight of rank 4, or both of rank 3",
          got: `${formatShape(x.shape)} and ${formatShape(weight.shape)}`,
        });
      }
      const { stride, dilation, padding } = window2d(attributes, weight.shape.slice(2), x.shape.slice(2));
      const [height, width] = x.rank === 3 ? [0, output_padding?.[0] ?? 0] : (output_padding ?? [0, 0]);
      const bias = inputs.has(2) ? inputs.tensor(2) : null;
      const y = convTranspose2d(withHeight(x), withHeight(weight), bias, {
        stride,
        dilation,
        padding,
        outputPadding: [height as number, width as number],
        groups: group,
      });
      return withoutHeight(y, x.rank);
    };
  },
});
