import { cast, concat, reshape, type Tensor } from "@graftjs/tensor";
import { defineOperator, ints, type Operator } from "../../operator.ts";
import { mlDomain } from "./domain.ts";

/** Inputs [N, C] side by side, as floats; a vector is one row. https://onnx.ai/onnx/operators/onnx_aionnxml_FeatureVectorizer.html */
export const featureVectorizerOperator: Operator = defineOperator({
  opType: "FeatureVectorizer",
  domain: mlDomain,
  since: [1],
  attributes: { inputdimensions: ints() },
  import:
    ({ attributes: { inputdimensions = [] } }) =>
    (inputs) => {
      const columns = Array.from({ length: inputs.count }, (_, i) => {
        const x = cast(inputs.tensor(i), "float32");
        const rows = x.rank === 1 ? reshape(x, [1, -1]) : x;
        const [, width] = rows.shape;
        const wanted = inputdimensions[i] ?? width;
        if (rows.rank !== 2 || width !== wanted)
          inputs.reject(`its input ${i} has the shape [${x.shape.join(", ")}], where ${wanted} columns are declared`);
        return rows;
      });
      return concat(columns as [Tensor, ...Tensor[]], 1);
    },
});
