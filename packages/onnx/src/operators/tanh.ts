import { tanh } from "@graftjs/tensor";
import type { Operator } from "../operator.ts";
import { unary } from "./elementwise.ts";

/** https://onnx.ai/onnx/operators/onnx__Tanh.html */
export const tanhOperator: Operator = unary("Tanh", [1, 6, 13], { number: Math.tanh, tensor: tanh }, "tanh");
