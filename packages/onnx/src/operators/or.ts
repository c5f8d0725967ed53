import { logicalOr } from "@graftjs/tensor";
import type { Operator } from "../operator.ts";
import { binary } from "./elementwise.ts";

/** https://onnx.ai/onnx/operators/onnx__Or.html */
export const orOperator: Operator = binary(
  "Or",
  [1, 7],
  { number: (x, y) => Number(x !== 0 || y !== 0), tensor: logicalOr, compares: true },
  "logicalOr",
);
