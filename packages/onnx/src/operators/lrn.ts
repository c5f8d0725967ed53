import { flip, localResponseNorm } from "@graftjs/tensor";
import { defineOperator, float, int, type Operator } from "../operator.ts";

/**
 * x / (bias + alpha / size · Σ x²)^beta, the sum being over `size` channels, from ⌊(size - 1) / 2⌋ before to ⌈(size - 1) / 2⌉
 * after. https://onnx.ai/onnx/operators/onnx__LRN.html
 */
export const lrnOperator: Operator = defineOperator({
  opType: "LRN",
  since: [1, 13],
  attributes: { size: int(undefined), alpha: float(1e-4), beta: float(0.75), bias: float(1) },
  import: ({ attributes: { size, alpha, beta, bias: k }, reject }) => {
    if (size === undefined) return reject("size is missing");
    return (inputs) => {
      const x = inputs.tensor(0);
      // A larger window sees no more than all channels, which here would take its time.
      const window = Math.min(size, 2 * (x.shape[1] ?? 0) + (size % 2));
      const options = { alpha: (alpha * window) / size, beta, k };
      // PyTorch has the odd channel of an even size before, ONNX after.
      if (size % 2 === 1) return localResponseNorm(x, window, options);
      return flip(localResponseNorm(flip(x, 1), window, options), 1);
    };
  },
});
