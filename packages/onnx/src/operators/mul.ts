import { mul } from "@graftjs/tensor";
import type { Operator } from "../operator.ts";
import { binary } from "./elementwise.ts";

/** https://onnx.ai/onnx/operators/onnx__Mul.html */
export const mulOperator: Operator = binary(
  "Mul",
  [1, 6, 7, 13, 14],
  // A double does not hold the low bits of a product of integers of 32 bits.
  { number: (x, y, dtype) => (dtype.endsWith("int32") ? Math.imul(x, y) : x * y), tensor: mul },
  "mul",
);
