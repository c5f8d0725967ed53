import { cos } from "@graftjs/tensor";
import type { Operator } from "../operator.ts";
import { unary } from "./elementwise.ts";

/** https://onnx.ai/onnx/operators/onnx__Cos.html */
export const cosOperator: Operator = unary("Cos", [7, 22], { number: Math.cos, tensor: cos }, "cos");
