import { type KernelAttrs, maxPool2d } from "@graftjs/tensor";
import { defineOperator, ignored, int, type Operator } from "../operator.ts";
import {
  window2d,
  windowAttributes,
  windowNodeAttributes,
  windowProblem,
  withHeight,
  withoutHeight,
} from "./window.ts";

/** https://onnx.ai/onnx/operators/onnx__MaxPool.html */
export const maxPoolOperator: Operator = defineOperator({
  opType: "MaxPool",
  since: [1, 8, 10, 11, 12, 22],
  attributes: { ...windowAttributes, ceil_mode: int(0), storage_order: ignored() },
  exports: {
    maxPool2d: ({ op, emit, input }) => {
      const { kernelSize, stride, padding, dilation, ceilMode } = op.attrs as KernelAttrs["maxPool2d"];
      emit("MaxPool", [input(0)], {
        ...windowNodeAttributes(kernelSize, stride, padding, dilation),
        ...(ceilMode && { ceil_mode: { type: "int", value: 1 } }),
      });
    },
  },
  import: ({ node, attributes, reject }) => {
    const problem = windowProblem(attributes);
    if (problem) reject(problem);
    const kernel = attributes.kernel_shape ?? [];
    if (kernel.length < 1 || kernel.length > 2) reject(`a window over ${kernel.length} axes`);
    if (node.outputs[1]) reject("its second output, the indices of the maxima");
    return (inputs) => {
      const x = inputs.tensor(0);
      const { stride, dilation, padding } = window2d(attributes, kernel, x.shape.slice(2));
      const size: readonly [number, number] =
        kernel.length === 1 ? [1, kernel[0] as number] : [kernel[0] as number, kernel[1] as number];
      const y = maxPool2d(withHeight(x), size, { stride, dilation, padding, ceilMode: attributes.ceil_mode === 1 });
      return withoutHeight(y, x.rank);
    };
  },
});
