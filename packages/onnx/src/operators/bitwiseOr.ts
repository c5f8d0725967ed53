import { bitwiseOr } from "@graftjs/tensor";
import type { Operator } from "../operator.ts";
import { bitwise } from "./bitwise.ts";

/** https://onnx.ai/onnx/operators/onnx__BitwiseOr.html */
export const bitwiseOrOperator: Operator = bitwise("BitwiseOr", (x, y) => x | y, bitwiseOr);
