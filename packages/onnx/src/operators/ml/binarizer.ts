import { cast, greater } from "@graftjs/tensor";
import { defineOperator, float, type Operator } from "../../operator.ts";
import { mlDomain } from "./domain.ts";

/** 1 where an element is above the threshold, else 0. https://onnx.ai/onnx/operators/onnx_aionnxml_Binarizer.html */
export const binarizerOperator: Operator = defineOperator({
  opType: "Binarizer",
  domain: mlDomain,
  since: [1],
  attributes: { threshold: float(0) },
  import:
    ({ attributes: { threshold } }) =>
    (inputs) => {
      const x = inputs.tensor(0);
      return cast(greater(x, threshold), x.dtype);
    },
});
