import { acos } from "@graftjs/tensor";
import type { Operator } from "../operator.ts";
import { unary } from "./elementwise.ts";

/** https://onnx.ai/onnx/operators/onnx__Acos.html */
export const acosOperator: Operator = unary("Acos", [7, 22], { number: Math.acos, tensor: acos }, "acos");
