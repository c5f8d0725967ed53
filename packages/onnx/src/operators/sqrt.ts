import { sqrt } from "@graftjs/tensor";
import type { Operator } from "../operator.ts";
import { unary } from "./elementwise.ts";

/** https://onnx.ai/onnx/operators/onnx__Sqrt.html */
export const sqrtOperator: Operator = unary("Sqrt", [1, 6, 13], { number: Math.sqrt, tensor: sqrt }, "sqrt");
