import { greater } from "@graftjs/tensor";
import type { Operator } from "../operator.ts";
import { binary } from "./elementwise.ts";

/** https://onnx.ai/onnx/operators/onnx__Greater.html */
export const greaterOperator: Operator = binary(
  "Greater",
  [1, 7, 9, 13],
  {
    number: (x, y) => Number(x > y),
    tensor: greater,
    compares: true,
  },
  "greater",
);
