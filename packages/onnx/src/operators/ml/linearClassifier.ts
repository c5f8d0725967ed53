import { argmax, concat, indexSelect, sub, tensor } from "@graftjs/tensor";
import { defineOperator, floats, ignored, ints, type Operator, string, strings } from "../../operator.ts";
import { type GraphValue, nothing } from "../../sequence.ts";
import { mlDomain } from "./domain.ts";
import { checkLinear, linearScores } from "./linear.ts";
import { postTransform } from "./postTransform.ts";

/**
 * Scores post_transform(X · Cᵀ + b) [N, E], and the label of the largest, where labels are numbers; text is left out. Coefficients and
 * intercepts are inputs here, so that they can be trained. One row of coefficients for two labels is the second label's.
 * https://onnx.ai/onnx/operators/onnx_aionnxml_LinearClassifier.html
 */
export const linearClassifierOperator: Operator = defineOperator({
  opType: "LinearClassifier",
  domain: mlDomain,
  since: [1],
  attributes: {
    classlabels_ints: ints(),
    classlabels_strings: strings(),
    coefficients: floats(),
    intercepts: floats(),
    // Whether the rows were trained together or one against the rest; they are used alike.
    multi_class: ignored(),
    post_transform: string("NONE"),
  },
  roles: { 1: "parameter", 2: "parameter" },
  import: ({ node, attributes: { classlabels_ints, classlabels_strings, post_transform }, reject }) => {
    const labels = classlabels_ints?.length ? classlabels_ints : undefined;
    const classes = (labels ?? classlabels_strings ?? []).length;
    const transform = postTransform(post_transform, reject);
    checkLinear(node, reject);
    if (classes === 1) reject("it has one label alone");
    return (inputs): readonly GraphValue[] => {
      const [rows = 0] = inputs.shape(1);
      const single = rows === 1 && classes === 2;
      // The specification does not say what becomes of the first label; for a probability there is only one way.
      if (single && post_transform !== "LOGISTIC")
        inputs.reject(`one row of coefficients for two labels, with post_transform ${post_transform}`);
      const made = transform(linearScores(inputs));
      const scores = single ? concat([sub(1, made), made], 1) : made;
      if (!labels || scores.shape[1] !== classes) return [nothing, scores];
      return [indexSelect(tensor(Int32Array.from(labels)), argmax(scores, 1), 0), scores];
    };
  },
});
