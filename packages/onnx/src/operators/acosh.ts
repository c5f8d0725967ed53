import { acosh } from "@graftjs/tensor";
import type { Operator } from "../operator.ts";
import { unary } from "./elementwise.ts";

/** https://onnx.ai/onnx/operators/onnx__Acosh.html */
export const acoshOperator: Operator = unary("Acosh", [9, 22], { number: Math.acosh, tensor: acosh }, "acosh");
