import { abs, equal, pow, type Tensor, where } from "@graftjs/tensor";
import { defineOperator, int, type Operator } from "../operator.ts";
import { averagePools } from "./averagePool.ts";
import { overAxes, poolWindow, windowAttributes, windowProblem } from "./window.ts";

/** (Σ |x|ᵖ)^(1/p) over each window; padding is 0. https://onnx.ai/onnx/operators/onnx__LpPool.html */
export const lpPoolOperator: Operator = defineOperator({
  opType: "LpPool",
  since: [1, 2, 11, 18, 22],
  attributes: { ...windowAttributes, ceil_mode: int(0), p: int(2) },
  import: ({ attributes, reject }) => {
    const { kernel_shape: kernel = [], p } = attributes;
    const problem = windowProblem(attributes, false);
    if (problem) reject(problem);
    if (p < 1) reject(`a norm of order ${p}`);
    return (inputs) => {
      const x = inputs.tensor(0);
      const total = overAxes("LpPool", averagePools, x)(pow(abs(x), p), kernel, {
        ...poolWindow("LpPool", attributes, x),
        divisorOverride: 1,
      });
      return root(total, p);
    };
  },
});

/** x^(1/p) of x >= 0, with the gradient 0 where x is 0. */
function root(x: Tensor, p: number): Tensor {
  const isZero = equal(x, 0);
  return where(isZero, 0, pow(where(isZero, 1, x), 1 / p));
}
