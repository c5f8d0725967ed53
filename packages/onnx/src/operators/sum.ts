import { add } from "@graftjs/tensor";
import type { Operator } from "../operator.ts";
import { variadic } from "./elementwise.ts";

/** https://onnx.ai/onnx/operators/onnx__Sum.html */
export const sumOperator: Operator = variadic("Sum", [1, 6, 8, 13], { number: (x, y) => x + y, tensor: add });
