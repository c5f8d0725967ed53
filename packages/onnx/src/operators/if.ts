import { formatShape, reshape, where } from "@graftjs/tensor";
import { isConstant, toTensor } from "../constant.ts";
import { defineOperator, graph, type Inputs, type Operator } from "../operator.ts";
import { type GraphValue, isValue } from "../sequence.ts";

/**
 * Takes one branch where the condition is known when the graph is traced. Where it depends on data, both run and `where` selects between
 * their results, which must be tensors of the same type and shape. https://onnx.ai/onnx/operators/onnx__If.html
 */
export const ifOperator: Operator = defineOperator({
  opType: "If",
  since: [1, 11, 13, 16, 19, 21, 23, 24, 25],
  attributes: { then_branch: graph(), else_branch: graph() },
  import: ({ attributes: { then_branch, else_branch }, reject }) => {
    if (!then_branch || !else_branch) return reject("it lacks a branch");
    return (inputs) => {
      const condition = inputs.value(0);
      if (isConstant(condition)) return inputs.run(condition.data[0] ? then_branch : else_branch, []);
      const no = inputs.run(else_branch, []);
      return inputs.run(then_branch, []).map((yes, i) => select(inputs, yes, no[i]));
    };
  },
});

function select(inputs: Inputs, yes: GraphValue, no: GraphValue | undefined): GraphValue {
  if (yes === no) return yes;
  const refused = "its condition depends on data, and its branches";
  if (!no || !isValue(yes) || !isValue(no)) return inputs.reject(`${refused} give no tensors to select between`);
  const [a, b] = [toTensor(yes), toTensor(no)];
  if (a.dtype !== b.dtype || formatShape(a.shape) !== formatShape(b.shape)) {
    const [first, second] = [a, b].map(({ dtype, shape }) => `${dtype} ${formatShape(shape)}`);
    return inputs.reject(`${refused} give ${first} and ${second}`);
  }
  return where(reshape(inputs.tensor(0), []), a, b);
}
