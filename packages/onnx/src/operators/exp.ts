import { exp } from "@graftjs/tensor";
import type { Operator } from "../operator.ts";
import { unary } from "./elementwise.ts";

/** https://onnx.ai/onnx/operators/onnx__Exp.html */
export const expOperator: Operator = unary("Exp", [1, 6, 13], { number: Math.exp, tensor: exp }, "exp");
