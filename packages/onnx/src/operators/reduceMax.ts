import { max } from "@graftjs/tensor";
import type { Operator } from "../operator.ts";
import { exportReduction, reduceExtreme, reduction } from "./reduction.ts";

/** https://onnx.ai/onnx/operators/onnx__ReduceMax.html */
export const reduceMaxOperator: Operator = {
  ...reduction("ReduceMax", [1, 11, 12, 13, 18, 20], 18, reduceExtreme(max, 0)),
  exports: { max: exportReduction("ReduceMax", 18) },
};
