import { defineOperator, floats, int, type Operator, string } from "../../operator.ts";
import { mlDomain } from "./domain.ts";
import { checkLinear, linearScores } from "./linear.ts";
import { postTransform } from "./postTransform.ts";

/**
 * post_transform(X · Cᵀ + b) [N, targets]. Coefficients and intercepts are inputs here, so that they can be trained.
 * https://onnx.ai/onnx/operators/onnx_aionnxml_LinearRegressor.html
 */
export const linearRegressorOperator: Operator = defineOperator({
  opType: "LinearRegressor",
  domain: mlDomain,
  since: [1],
  attributes: { coefficients: floats(), intercepts: floats(), targets: int(1), post_transform: string("NONE") },
  roles: { 1: "parameter", 2: "parameter" },
  import: ({ node, attributes: { post_transform }, reject }) => {
    const transform = postTransform(post_transform, reject);
    checkLinear(node, reject);
    return (inputs) => transform(linearScores(inputs));
  },
});
