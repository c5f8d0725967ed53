import { argmin } from "@graftjs/tensor";
import type { Operator } from "../operator.ts";
import { argExtreme } from "./argExtreme.ts";

/** https://onnx.ai/onnx/operators/onnx__ArgMin.html */
export const argMinOperator: Operator = argExtreme("ArgMin", argmin, "argmin");
