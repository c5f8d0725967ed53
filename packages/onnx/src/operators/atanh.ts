import { atanh } from "@graftjs/tensor";
import type { Operator } from "../operator.ts";
import { unary } from "./elementwise.ts";

/** https://onnx.ai/onnx/operators/onnx__Atanh.html */
export const atanhOperator: Operator = unary("Atanh", [9, 22], { number: Math.atanh, tensor: atanh }, "atanh");
