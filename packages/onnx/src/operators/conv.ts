import { conv1d, conv2d, conv3d, formatShape, type KernelAttrs, ShapeError, type Tensor } from "@graftjs/tensor";
import { defineOperator, int, type Operator } from "../operator.ts";
import { overAxes, type Window, windowAttributes, windowNodeAttributes, windowOf, windowProblem } from "./window.ts";

/** They differ in how many numbers their options list. */
const convolutions = [conv1d, conv2d, conv3d] as readonly unknown[] as readonly ((
  x: Tensor,
  weight: Tensor,
  bias: Tensor | null,
  options: Window & { readonly groups: number },
) => Tensor)[];

/** Convolution over one, two or three axes. https://onnx.ai/onnx/operators/onnx__Conv.html */
export const convOperator: Operator = defineOperator({
  opType: "Conv",
  since: [1, 11, 22],
  attributes: { ...windowAttributes, group: int(1) },
  roles: { 1: "parameter", 2: "parameter" },
  exports: {
    conv2d: ({ op, emit, input }) => {
      const { stride, padding, dilation, groups } = op.attrs as KernelAttrs["conv2d"];
      const kernel = op.inputs[1]?.spec.shape.slice(2) ?? [];
      emit(
        "Conv",
        op.inputs.map((_, i) => input(i)),
        {
          ...windowNodeAttributes(kernel, stride, padding, dilation),
          group: { type: "int", value: groups },
        },
      );
    },
  },
  import: ({ attributes, reject }) => {
    const problem = windowProblem(attributes, true);
    if (problem) reject(problem);
    return (inputs) => {
      const [x, weight] = [inputs.tensor(0), inputs.tensor(1)];
      if (weight.rank !== x.rank) {
        throw new ShapeError({
          op: "Conv",
          expected: "input and weight of the same number of axes",
          got: `${formatShape(x.shape)} and ${formatShape(weight.shape)}`,
        });
      }
      const convolve = overAxes("Conv", convolutions, x);
      const window = windowOf("Conv", attributes, weight.shape.slice(2), x.shape);
      return convolve(x, weight, inputs.has(2) ? inputs.tensor(2) : null, { ...window, groups: attributes.group });
    };
  },
});
