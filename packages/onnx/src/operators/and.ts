import { logicalAnd } from "@graftjs/tensor";
import type { Operator } from "../operator.ts";
import { binary } from "./elementwise.ts";

/** https://onnx.ai/onnx/operators/onnx__And.html */
export const andOperator: Operator = binary(
  "And",
  [1, 7],
  { number: (x, y) => Number(x !== 0 && y !== 0), tensor: logicalAnd, compares: true },
  "logicalAnd",
);
