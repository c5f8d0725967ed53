import type { Operator } from "../operator.ts";
import { cosineWindow } from "./cosineWindow.ts";

/** sin²(πn / N). https://onnx.ai/onnx/operators/onnx__HannWindow.html */
export const hannWindowOperator: Operator = cosineWindow("HannWindow", [0.5, -0.5]);
