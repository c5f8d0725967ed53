import type { Operator } from "../operator.ts";
import { cosineWindow } from "./cosineWindow.ts";

/** 0.42 - 0.5 · cos(2πn / N) + 0.08 · cos(4πn / N). https://onnx.ai/onnx/operators/onnx__BlackmanWindow.html */
export const blackmanWindowOperator: Operator = cosineWindow("BlackmanWindow", [0.42, -0.5, 0.08]);
