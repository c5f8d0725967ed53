import { logsumexp } from "@graftjs/tensor";
import type { Operator } from "../operator.ts";
import { reduceFloats, reduction } from "./reduction.ts";

/** ln Σ e^x over axes, without overflow. https://onnx.ai/onnx/operators/onnx__ReduceLogSumExp.html */
export const reduceLogSumExpOperator: Operator = reduction(
  "ReduceLogSumExp",
  [1, 11, 13, 18, 28],
  18,
  reduceFloats(logsumexp),
);
