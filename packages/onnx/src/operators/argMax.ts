import { argmax } from "@graftjs/tensor";
import type { Operator } from "../operator.ts";
import { argExtreme } from "./argExtreme.ts";

/** https://onnx.ai/onnx/operators/onnx__ArgMax.html */
export const argMaxOperator: Operator = argExtreme("ArgMax", argmax, "argmax");
