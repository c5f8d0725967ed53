import { lessEqual } from "@graftjs/tensor";
import type { Operator } from "../operator.ts";
import { binary } from "./elementwise.ts";

/** https://onnx.ai/onnx/operators/onnx__LessOrEqual.html */
export const lessEqualOperator: Operator = binary(
  "LessOrEqual",
  [12, 16],
  {
    number: (x, y) => Number(x <= y),
    tensor: lessEqual,
    compares: true,
  },
  "lessEqual",
);
