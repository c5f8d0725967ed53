import { cosh } from "@graftjs/tensor";
import type { Operator } from "../operator.ts";
import { unary } from "./elementwise.ts";

/** https://onnx.ai/onnx/operators/onnx__Cosh.html */
export const coshOperator: Operator = unary("Cosh", [9, 22], { number: Math.cosh, tensor: cosh }, "cosh");
