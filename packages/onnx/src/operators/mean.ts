import { add, div } from "@graftjs/tensor";
import type { Operator } from "../operator.ts";
import { applyUnary, variadic } from "./elementwise.ts";

/** The operands broadcast together from version 8 on. https://onnx.ai/onnx/operators/onnx__Mean.html */
export const meanOperator: Operator = variadic(
  "Mean",
  [1, 6, 8, 13],
  { number: (x, y) => x + y, tensor: add },
  (total, count) => applyUnary(total, { number: (x) => x / count, tensor: (x) => div(x, count) }),
);
