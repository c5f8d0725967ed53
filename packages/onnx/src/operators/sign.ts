import { sign } from "@graftjs/tensor";
import type { Operator } from "../operator.ts";
import { unary } from "./elementwise.ts";

/** https://onnx.ai/onnx/operators/onnx__Sign.html */
export const signOperator: Operator = unary("Sign", [9, 13], { number: Math.sign, tensor: sign }, "sign");
