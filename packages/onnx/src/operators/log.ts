import { log } from "@graftjs/tensor";
import type { Operator } from "../operator.ts";
import { unary } from "./elementwise.ts";

/** https://onnx.ai/onnx/operators/onnx__Log.html */
export const logOperator: Operator = unary("Log", [1, 6, 13], { number: Math.log, tensor: log }, "log");
