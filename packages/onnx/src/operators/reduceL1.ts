import { abs, sum } from "@graftjs/tensor";
import type { Operator } from "../operator.ts";
import { reduction } from "./reduction.ts";

/** Σ |x| over axes. https://onnx.ai/onnx/operators/onnx__ReduceL1.html */
export const reduceL1Operator: Operator = reduction("ReduceL1", [1, 11, 13, 18], 18, (x, options) =>
  sum(abs(x), options),
);
