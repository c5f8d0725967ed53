import { bernoulli, cast, div, full, mul } from "@graftjs/tensor";
import { defineOperator, float, ignored, int, type Operator } from "../operator.ts";

/**
 * Off in evaluation mode and where frozen, whatever the file says; otherwise each element is zero with probability `ratio`,
 * and the others are divided by 1 - ratio. Run by the specification, the input `training_mode` decides, which is false where it is left
 * out, and before operator set 12 nothing is dropped. https://onnx.ai/onnx/operators/onnx__Dropout.html
 */
export const dropoutOperator: Operator = defineOperator({
  opType: "Dropout",
  since: [1, 6, 7, 10, 12, 13, 22],
  attributes: { ratio: float(0.5), seed: ignored(), is_test: int(0) },
  roles: { 1: "constant", 2: "constant" },
  import:
    ({ node, attributes }) =>
    (inputs) => {
      const value = inputs.value(0);
      const ratio = inputs.has(1) ? (inputs.numbers(1)[0] as number) : attributes.ratio;
      const active = inputs.bySpecification ? inputs.has(2) && inputs.numbers(2)[0] === 1 : inputs.training;
      if (!active || ratio === 0) {
        return node.outputs[1] ? [value, full(inputs.shape(0), 1, { dtype: "bool" })] : value;
      }
      const x = inputs.tensor(0);
      const mask = bernoulli(x.shape, inputs.generator, 1 - ratio);
      return [ratio === 1 ? mul(x, 0) : div(mul(x, cast(mask, x.dtype)), 1 - ratio), mask];
    },
});
