import { logicalXor } from "@graftjs/tensor";
import type { Operator } from "../operator.ts";
import { binary } from "./elementwise.ts";

/** https://onnx.ai/onnx/operators/onnx__Xor.html */
export const xorOperator: Operator = binary("Xor", [1, 7], {
  number: (x, y) => Number((x !== 0) !== (y !== 0)),
  tensor: logicalXor,
  compares: true,
});
