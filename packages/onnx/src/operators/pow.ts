import { pow } from "@graftjs/tensor";
import type { Operator } from "../operator.ts";
import { binary } from "./elementwise.ts";

/** https://onnx.ai/onnx/operators/onnx__Pow.html */
export const powOperator: Operator = binary(
  "Pow",
  [1, 7, 12, 13, 15],
  { number: (x, y) => x ** y, tensor: pow },
  "pow",
);
