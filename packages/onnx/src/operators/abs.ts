import { abs } from "@graftjs/tensor";
import type { Operator } from "../operator.ts";
import { unary } from "./elementwise.ts";

/** https://onnx.ai/onnx/operators/onnx__Abs.html */
export const absOperator: Operator = unary("Abs", [1, 6, 13], { number: Math.abs, tensor: abs }, "abs");
