import { formatShape, numel, reshape, type Shape, ShapeError } from "@graftjs/tensor";
import { constant, isConstant, type Value } from "../constant.ts";
import { defineOperator, type Inputs, int, type Operator } from "../operator.ts";

/** A value under another shape; shares its elements. */
export function reshapeValue(value: Value, shape: Shape): Value {
  return isConstant(value) ? constant(value.data, shape, value.dtype) : reshape(value, shape);
}

/** https://onnx.ai/onnx/operators/onnx__Reshape.html */
export const reshapeOperator: Operator = defineOperator({
  opType: "Reshape",
  since: [1, 5, 13, 14, 19, 21, 23, 24, 25],
  attributes: { allowzero: int(0) },
  roles: { 1: "constant" },
  exports: {
    reshape: ({ op, emit, input, ints, isBatch, shape, sizes }) => {
      const [from, to] = [op.inputs[0]?.spec.shape ?? [], op.outputs[0]?.spec.shape ?? []];
      const several = to.filter(isBatch).length > 1;
      emit("Reshape", [input(0), several ? shape(to) : ints(sizes(to, from[0] === to[0] ? 0 : -1))]);
    },
  },
  import:
    ({ attributes: { allowzero } }) =>
    (inputs) => {
      const from = inputs.shape(0);
      const target = inputs.numbers(1).map((d, i) => (d === 0 && !allowzero ? (from[i] ?? 0) : d));
      return reshapeValue(inputs.value(0), resolve(from, target, inputs));
    },
});

function resolve(from: Shape, target: readonly number[], inputs: Inputs): Shape {
  const size = numel(from);
  const rest = numel(target.filter((d) => d !== -1));
  if (target.includes(-1) && rest > 0 && size % rest === 0) return target.map((d) => (d === -1 ? size / rest : d));
  if (numel(target) === size) return target;
  // A file exported for one batch size names it in its shapes; another batch takes that place.
  const perSample = numel(target.slice(1));
  if (target[0] === inputs.bakedBatch && perSample > 0 && size % perSample === 0)
    return [size / perSample, ...target.slice(1)];
  throw new ShapeError({
    op: "Reshape",
    expected: `a shape of ${size} elements, as ${formatShape(from)} has`,
    got: formatShape(target),
  });
}
