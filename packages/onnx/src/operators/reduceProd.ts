import { prod } from "@graftjs/tensor";
import type { Operator } from "../operator.ts";
import { exportReduction, reduction } from "./reduction.ts";

/** https://onnx.ai/onnx/operators/onnx__ReduceProd.html */
export const reduceProdOperator: Operator = {
  ...reduction("ReduceProd", [1, 11, 13, 18], 18, prod),
  exports: { prod: exportReduction("ReduceProd", 18) },
};
