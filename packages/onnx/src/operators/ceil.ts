import { ceil } from "@graftjs/tensor";
import type { Operator } from "../operator.ts";
import { unary } from "./elementwise.ts";

/** https://onnx.ai/onnx/operators/onnx__Ceil.html */
export const ceilOperator: Operator = unary("Ceil", [1, 6, 13], { number: Math.ceil, tensor: ceil }, "ceil");
