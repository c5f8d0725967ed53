import type { Operator } from "../operator.ts";
import { cosineWindow } from "./cosineWindow.ts";

/** 25/46 - 21/46 · cos(2πn / N). https://onnx.ai/onnx/operators/onnx__HammingWindow.html */
export const hammingWindowOperator: Operator = cosineWindow("HammingWindow", [25 / 46, -21 / 46]);
