import { logicalNot } from "@graftjs/tensor";
import type { Operator } from "../operator.ts";
import { unary } from "./elementwise.ts";

/** https://onnx.ai/onnx/operators/onnx__Not.html */
export const notOperator: Operator = unary("Not", [1], { number: (x) => Number(!x), tensor: logicalNot }, "logicalNot");
