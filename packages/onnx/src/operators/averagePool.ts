import { type AvgPoolOptions, avgPool1d, avgPool2d, avgPool3d, type KernelAttrs, type Tensor } from "@graftjs/tensor";
import { defineOperator, int, type Operator } from "../operator.ts";
import { overAxes, poolWindow, type Window, windowAttributes, windowNodeAttributes, windowProblem } from "./window.ts";

/** They differ in how many numbers they list. */
export const averagePools = [avgPool1d, avgPool2d, avgPool3d] as readonly unknown[] as readonly ((
  x: Tensor,
  kernel: readonly number[],
  options: Window & Pick<AvgPoolOptions, "ceilMode" | "countIncludePad" | "divisorOverride">,
) => Tensor)[];

/** Padding does not count unless `count_include_pad` says so. https://onnx.ai/onnx/operators/onnx__AveragePool.html */
export const averagePoolOperator: Operator = defineOperator({
  opType: "AveragePool",
  since: [1, 7, 10, 11, 19, 22],
  attributes: { ...windowAttributes, ceil_mode: int(0), count_include_pad: int(0) },
  exports: {
    avgPool2d: ({ op, opset, emit, input, reject }) => {
      const { kernelSize, stride, padding, dilation, ceilMode, countIncludePad, divisorOverride } =
        op.attrs as KernelAttrs["avgPool2d"];
      if (divisorOverride !== undefined) reject("a divisor of its own");
      if (dilation.some((d) => d !== 1) && opset < 19) reject("a dilated average, below operator set 19");
      if (ceilMode && opset < 10) reject("sizes rounded up, below operator set 10");
      const { dilations, ...window } = windowNodeAttributes(kernelSize, stride, padding, dilation);
      emit("AveragePool", [input(0)], {
        ...window,
        ...(dilation.some((d) => d !== 1) && { dilations }),
        ...(ceilMode && { ceil_mode: { type: "int", value: 1 } }),
        ...(countIncludePad && padding.some((p) => p !== 0) && { count_include_pad: { type: "int", value: 1 } }),
      });
    },
    adaptiveAvgPool2d: ({ op, emit, input, reject }) => {
      const [height = 0, width = 0] = op.inputs[0]?.spec.shape.slice(2) ?? [];
      const [rows, columns] = (op.attrs as KernelAttrs["adaptiveAvgPool2d"]).outputSize;
      if (height % rows !== 0 || width % columns !== 0) reject("windows of different sizes");
      const kernel = [height / rows, width / columns];
      const { dilations: _, ...window } = windowNodeAttributes(kernel, kernel, [0, 0, 0, 0], [1, 1]);
      if (rows === 1 && columns === 1) emit("GlobalAveragePool", [input(0)]);
      else emit("AveragePool", [input(0)], window);
    },
  },
  import: ({ attributes, reject }) => {
    const { kernel_shape: kernel = [], count_include_pad } = attributes;
    const problem = windowProblem(attributes, false);
    if (problem) reject(problem);
    return (inputs) => {
      const x = inputs.tensor(0);
      return overAxes("AveragePool", averagePools, x)(x, kernel, {
        ...poolWindow("AveragePool", attributes, x),
        countIncludePad: count_include_pad === 1,
      });
    };
  },
});
