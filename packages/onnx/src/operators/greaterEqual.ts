import { greaterEqual } from "@graftjs/tensor";
import type { Operator } from "../operator.ts";
import { binary } from "./elementwise.ts";

/** https://onnx.ai/onnx/operators/onnx__GreaterOrEqual.html */
export const greaterEqualOperator: Operator = binary(
  "GreaterOrEqual",
  [12, 16],
  {
    number: (x, y) => Number(x >= y),
    tensor: greaterEqual,
    compares: true,
  },
  "greaterEqual",
);
