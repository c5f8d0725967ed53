import { equal } from "@graftjs/tensor";
import type { Operator } from "../operator.ts";
import { binary } from "./elementwise.ts";

/** https://onnx.ai/onnx/operators/onnx__Equal.html */
export const equalOperator: Operator = binary("Equal", [1, 7, 11, 13, 19], {
  number: (x, y) => Number(x === y),
  tensor: equal,
  compares: true,
});
