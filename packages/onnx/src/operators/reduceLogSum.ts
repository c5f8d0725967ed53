import { log, sum } from "@graftjs/tensor";
import type { Operator } from "../operator.ts";
import { reduceFloats, reduction } from "./reduction.ts";

/** ln Σ x over axes. https://onnx.ai/onnx/operators/onnx__ReduceLogSum.html */
export const reduceLogSumOperator: Operator = reduction(
  "ReduceLogSum",
  [1, 11, 13, 18, 28],
  18,
  reduceFloats((x, options) => log(sum(x, options))),
);
