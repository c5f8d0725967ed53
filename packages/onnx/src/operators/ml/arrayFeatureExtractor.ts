import { indexSelect, reshape } from "@graftjs/tensor";
import { defineOperator, type Operator } from "../../operator.ts";
import { wrapIndices } from "../indices.ts";
import { mlDomain } from "./domain.ts";

/**
 * The elements along the last axis that indices name, whatever shape these have: [..., number of indices]; of a vector, [1, number].
 * https://onnx.ai/onnx/operators/onnx_aionnxml_ArrayFeatureExtractor.html
 */
export const arrayFeatureExtractorOperator: Operator = defineOperator({
  opType: "ArrayFeatureExtractor",
  domain: mlDomain,
  since: [1],
  import: () => (inputs) => {
    const x = inputs.tensor(0);
    const places = reshape(wrapIndices(inputs.value(1), x.shape.at(-1) as number), [-1]);
    return indexSelect(x.rank === 1 ? reshape(x, [1, -1]) : x, places, -1);
  },
});
