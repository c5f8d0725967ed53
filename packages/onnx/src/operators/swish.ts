import { mul, sigmoid, type Tensor } from "@graftjs/tensor";
import { defineOperator, float, type Operator } from "../operator.ts";

/** x · sigmoid(alpha · x). https://onnx.ai/onnx/operators/onnx__Swish.html */
export const swishOperator: Operator = defineOperator({
  opType: "Swish",
  since: [24],
  attributes: { alpha: float(1) },
  import:
    ({ attributes: { alpha } }) =>
    (inputs) =>
      swish(inputs.tensor(0), alpha),
});

/** x · sigmoid(alpha · x). */
export function swish(x: Tensor, alpha: number): Tensor {
  return mul(x, sigmoid(alpha === 1 ? x : mul(x, alpha)));
}
