import { norm } from "@graftjs/tensor";
import type { Operator } from "../operator.ts";
import { reduceFloats, reduction } from "./reduction.ts";

/** √Σ x² over axes, with the gradient 0 where it is 0. https://onnx.ai/onnx/operators/onnx__ReduceL2.html */
export const reduceL2Operator: Operator = reduction(
  "ReduceL2",
  [1, 11, 13, 18],
  18,
  reduceFloats((x, options) => norm(x, 2, options)),
);
