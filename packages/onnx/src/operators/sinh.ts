import { sinh } from "@graftjs/tensor";
import type { Operator } from "../operator.ts";
import { unary } from "./elementwise.ts";

/** https://onnx.ai/onnx/operators/onnx__Sinh.html */
export const sinhOperator: Operator = unary("Sinh", [9, 22], { number: Math.sinh, tensor: sinh }, "sinh");
