import { div, isFloat } from "@graftjs/tensor";
import type { Operator } from "../operator.ts";
import { binary } from "./elementwise.ts";

/** Integers divide towards zero. https://onnx.ai/onnx/operators/onnx__Div.html */
export const divOperator: Operator = binary(
  "Div",
  [1, 6, 7, 13, 14],
  {
    number: (x, y) => x / y,
    tensor: (x, y) => div(x, y, isFloat(x.dtype) ? {} : { roundingMode: "trunc" }),
  },
  "div",
);
