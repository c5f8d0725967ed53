import { mean } from "@graftjs/tensor";
import type { Operator } from "../operator.ts";
import { reduction } from "./reduction.ts";

/** https://onnx.ai/onnx/operators/onnx__ReduceMean.html */
export const reduceMeanOperator: Operator = reduction("ReduceMean", [1, 11, 13, 18], mean);
