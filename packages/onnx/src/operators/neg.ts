import { neg } from "@graftjs/tensor";
import type { Operator } from "../operator.ts";
import { unary } from "./elementwise.ts";

/** https://onnx.ai/onnx/operators/onnx__Neg.html */
export const negOperator: Operator = unary("Neg", [1, 6, 13], { number: (x) => -x, tensor: neg }, "neg");
