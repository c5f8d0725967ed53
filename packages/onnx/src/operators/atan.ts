import { atan } from "@graftjs/tensor";
import type { Operator } from "../operator.ts";
import { unary } from "./elementwise.ts";

/** https://onnx.ai/onnx/operators/onnx__Atan.html */
export const atanOperator: Operator = unary("Atan", [7, 22], { number: Math.atan, tensor: atan }, "atan");
