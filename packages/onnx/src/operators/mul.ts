import { mul } from "@graftjs/tensor";
import type { Operator } from "../operator.ts";
import { binary } from "./elementwise.ts";

/** https://onnx.ai/onnx/operators/onnx__Mul.html */
export const mulOperator: Operator = binary("Mul", [1, 6, 7, 13, 14], { number: (x, y) => x * y, tensor: mul }, "mul");
