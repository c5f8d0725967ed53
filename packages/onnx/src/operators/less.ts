import { less } from "@graftjs/tensor";
import type { Operator } from "../operator.ts";
import { binary } from "./elementwise.ts";

/** https://onnx.ai/onnx/operators/onnx__Less.html */
export const lessOperator: Operator = binary(
  "Less",
  [1, 7, 9, 13],
  {
    number: (x, y) => Number(x < y),
    tensor: less,
    compares: true,
  },
  "less",
);
