import { sin } from "@graftjs/tensor";
import type { Operator } from "../operator.ts";
import { unary } from "./elementwise.ts";

/** https://onnx.ai/onnx/operators/onnx__Sin.html */
export const sinOperator: Operator = unary("Sin", [7, 22], { number: Math.sin, tensor: sin }, "sin");
