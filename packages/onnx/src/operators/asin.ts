import { asin } from "@graftjs/tensor";
import type { Operator } from "../operator.ts";
import { unary } from "./elementwise.ts";

/** https://onnx.ai/onnx/operators/onnx__Asin.html */
export const asinOperator: Operator = unary("Asin", [7, 22], { number: Math.asin, tensor: asin }, "asin");
