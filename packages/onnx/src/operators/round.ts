import { round } from "@graftjs/tensor";
import type { Operator } from "../operator.ts";
import { unary } from "./elementwise.ts";

/** Halves go to the even neighbour. https://onnx.ai/onnx/operators/onnx__Round.html */
export const roundOperator: Operator = unary("Round", [11, 22], { number: halfToEven, tensor: round }, "round");

function halfToEven(x: number): number {
  const floor = Math.floor(x);
  if (x - floor !== 0.5) return Math.round(x);
  return floor % 2 === 0 ? floor : floor + 1;
}
