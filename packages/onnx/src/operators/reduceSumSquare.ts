import { mul, sum } from "@graftjs/tensor";
import type { Operator } from "../operator.ts";
import { reduction } from "./reduction.ts";

/** Σ x² over axes. https://onnx.ai/onnx/operators/onnx__ReduceSumSquare.html */
export const reduceSumSquareOperator: Operator = reduction("ReduceSumSquare", [1, 11, 13, 18], 18, (x, options) =>
  sum(mul(x, x), options),
);
