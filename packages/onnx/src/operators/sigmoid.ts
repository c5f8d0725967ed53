import { sigmoid } from "@graftjs/tensor";
import type { Operator } from "../operator.ts";
import { unary } from "./elementwise.ts";

/** https://onnx.ai/onnx/operators/onnx__Sigmoid.html */
export const sigmoidOperator: Operator = unary(
  "Sigmoid",
  [1, 6, 13],
  { number: (x) => 1 / (1 + Math.exp(-x)), tensor: sigmoid },
  "sigmoid",
);
