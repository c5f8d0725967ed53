import { norm } from "@graftjs/tensor";
import { defineOperator, int, type Operator } from "../operator.ts";

/** (Σ |x|ᵖ)^(1/p) over all axes after the channels. https://onnx.ai/onnx/operators/onnx__GlobalLpPool.html */
export const globalLpPoolOperator: Operator = defineOperator({
  opType: "GlobalLpPool",
  since: [1, 2, 22],
  attributes: { p: int(2) },
  import: ({ attributes: { p }, reject }) => {
    if (p < 1) reject(`a norm of order ${p}`);
    return (inputs) => {
      const x = inputs.tensor(0);
      return norm(x, p, { axes: x.shape.map((_, i) => i).slice(2), keepDims: true });
    };
  },
});
