import { bitwiseAnd } from "@graftjs/tensor";
import type { Operator } from "../operator.ts";
import { bitwise } from "./bitwise.ts";

/** https://onnx.ai/onnx/operators/onnx__BitwiseAnd.html */
export const bitwiseAndOperator: Operator = bitwise("BitwiseAnd", (x, y) => x & y, bitwiseAnd);
