import { type KernelAttrs, sum } from "@graftjs/tensor";
import type { ExportContext, Operator } from "../operator.ts";
import { reduction } from "./reduction.ts";

/** https://onnx.ai/onnx/operators/onnx__ReduceSum.html */
export const reduceSumOperator: Operator = {
  ...reduction("ReduceSum", [1, 11, 13], sum),
  exports: {
    sum: ({ op, opset, emit, input, ints }: ExportContext) => {
      const { axes, keepDims } = op.attrs as KernelAttrs["sum"];
      const keepdims = { type: "int", value: Number(keepDims) } as const;
      if (opset >= 13) emit("ReduceSum", [input(0), ints(axes)], { keepdims });
      else emit("ReduceSum", [input(0)], { axes: { type: "ints", value: axes }, keepdims });
    },
  },
};
