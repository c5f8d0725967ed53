import { bitwiseXor } from "@graftjs/tensor";
import type { Operator } from "../operator.ts";
import { bitwise } from "./bitwise.ts";

/** https://onnx.ai/onnx/operators/onnx__BitwiseXor.html */
export const bitwiseXorOperator: Operator = bitwise("BitwiseXor", (x, y) => x ^ y, bitwiseXor);
