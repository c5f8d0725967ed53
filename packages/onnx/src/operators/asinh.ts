import { asinh } from "@graftjs/tensor";
import type { Operator } from "../operator.ts";
import { unary } from "./elementwise.ts";

/** https://onnx.ai/onnx/operators/onnx__Asinh.html */
export const asinhOperator: Operator = unary("Asinh", [9, 22], { number: Math.asinh, tensor: asinh }, "asinh");
