import { sum } from "@graftjs/tensor";
import type { Operator } from "../operator.ts";
import { exportReduction, reduction } from "./reduction.ts";

/** https://onnx.ai/onnx/operators/onnx__ReduceSum.html */
export const reduceSumOperator: Operator = {
  ...reduction("ReduceSum", [1, 11, 13], 13, sum),
  exports: { sum: exportReduction("ReduceSum", 13) },
};
