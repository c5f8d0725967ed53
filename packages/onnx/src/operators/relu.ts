import { relu } from "@graftjs/tensor";
import type { Operator } from "../operator.ts";
import { unary } from "./elementwise.ts";

/** https://onnx.ai/onnx/operators/onnx__Relu.html */
export const reluOperator: Operator = unary(
  "Relu",
  [1, 6, 13, 14],
  { number: (x) => Math.max(x, 0), tensor: relu },
  "relu",
);
