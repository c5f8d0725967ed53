import { tan } from "@graftjs/tensor";
import type { Operator } from "../operator.ts";
import { unary } from "./elementwise.ts";

/** https://onnx.ai/onnx/operators/onnx__Tan.html */
export const tanOperator: Operator = unary("Tan", [7, 22], { number: Math.tan, tensor: tan }, "tan");
