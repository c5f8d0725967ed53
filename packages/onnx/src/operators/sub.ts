import { sub } from "@graftjs/tensor";
import type { Operator } from "../operator.ts";
import { binary } from "./elementwise.ts";

/** https://onnx.ai/onnx/operators/onnx__Sub.html */
export const subOperator: Operator = binary("Sub", [1, 6, 7, 13, 14], { number: (x, y) => x - y, tensor: sub }, "sub");
