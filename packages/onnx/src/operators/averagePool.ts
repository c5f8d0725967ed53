import { avgPool2d } from "@graftjs/tensor";
import { defineOperator, int, type Operator } from "../operator.ts";
import { window2d, windowAttributes, windowProblem, withHeight, withoutHeight } from "./window.ts";

/** Padding does not count unless `count_include_pad` says so. https://onnx.ai/onnx/operators/onnx__AveragePool.html */
export const averagePoolOperator: Operator = defineOperator({
  opType: "AveragePool",
  since: [1, 7, 10, 11, 19, 22],
  attributes: { ...windowAttributes, ceil_mode: int(0), count_include_pad: int(0) },
  import: ({ attributes, reject }) => {
    const problem = windowProblem(attributes);
    if (problem) reject(problem);
    const kernel = attributes.kernel_shape ?? [];
    if (kernel.length < 1 || kernel.length > 2) reject(`a window over ${kernel.length} axes`);
    return (inputs) => {
      const x = inputs.tensor(0);
      const { stride, dilation, padding } = window2d(attributes, kernel, x.shape.slice(2));
      const size: readonly [number, number] = kernel.length === 1 ? [1, kernel[0] as number] : [kernel[0] as number, kernel[1] as number];
      const y = avgPool2d(withHeight(x), size, {
        stride,
        dilation,
        padding,
        ceilMode: attributes.ceil_mode === 1,
        countIncludePad: attributes.count_include_pad === 1,
      });
      return withoutHeight(y, x.rank);
    };
  },
});
