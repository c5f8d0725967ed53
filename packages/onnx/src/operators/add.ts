import { add } from "@graftjs/tensor";
import type { Operator } from "../operator.ts";
import { binary } from "./elementwise.ts";

/** https://onnx.ai/onnx/operators/onnx__Add.html */
export const addOperator: Operator = binary("Add", [1, 6, 7, 13, 14], { number: (x, y) => x + y, tensor: add }, "add");
