import { cumsum, type KernelAttrs } from "@graftjs/tensor";
import type { Operator } from "../operator.ts";
import { cumulative } from "./cumulative.ts";

/** https://onnx.ai/onnx/operators/onnx__CumSum.html */
export const cumSumOperator: Operator = {
  ...cumulative("CumSum", [11, 14], cumsum, 0),
  exports: {
    cumsum: ({ op, opset, emit, input, scalar, reject }) => {
      if (opset < 11) reject("CumSum exists from operator set 11 on");
      const { axis, reverse } = op.attrs as KernelAttrs["cumsum"];
      emit("CumSum", [input(0), scalar(axis, "int64")], reverse ? { reverse: { type: "int", value: 1 } } : {});
    },
  },
};
