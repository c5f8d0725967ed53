import { abs, cast, div, equal, max, norm, sum, type Tensor, where } from "@graftjs/tensor";
import { defineOperator, type Operator, string } from "../../operator.ts";
import { mlDomain } from "./domain.ts";

const along = { axes: -1, keepDims: true } as const;

const divisors: Readonly<Record<string, (x: Tensor) => Tensor>> = {
  MAX: (x) => max(x, along),
  // The specification says the sum of x; runtimes, and scikit-learn, take that of |x|, which of probabilities is the same.
  L1: (x) => sum(abs(x), along),
  L2: (x) => norm(x, 2, along),
};

/**
 * Each row divided by its largest element, its sum of magnitudes, or its length; as it was where that is 0.
 * https://onnx.ai/onnx/operators/onnx_aionnxml_Normalizer.html
 */
export const normalizerOperator: Operator = defineOperator({
  opType: "Normalizer",
  domain: mlDomain,
  since: [1],
  attributes: { norm: string("MAX") },
  import: ({ attributes: { norm: kind }, reject }) => {
    const known = Object.hasOwn(divisors, kind) ? divisors[kind] : undefined;
    const divisor = known ?? reject(`norm "${kind}", where ${Object.keys(divisors).join(", ")} are defined`);
    return (inputs) => {
      const x = cast(inputs.tensor(0), "float32");
      const by = divisor(x);
      return div(x, where(equal(by, 0), 1, by));
    };
  },
});
