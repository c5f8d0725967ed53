import { min } from "@graftjs/tensor";
import type { Operator } from "../operator.ts";
import { exportReduction, reduceExtreme, reduction } from "./reduction.ts";

/** https://onnx.ai/onnx/operators/onnx__ReduceMin.html */
export const reduceMinOperator: Operator = {
  ...reduction("ReduceMin", [1, 11, 12, 13, 18, 20], 18, reduceExtreme(min, 1)),
  exports: { min: exportReduction("ReduceMin", 18) },
};
