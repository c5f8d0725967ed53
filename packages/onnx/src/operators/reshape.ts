import { formatShape, numel, reshape, type Shape, ShapeError } from "@graftjs/tensor";
import { constant, isConstant, type Value } from "../constant.ts";
import { defineOperator, type Inputs, int, type Operator } from "../operator.ts";

/** A value under another shape; shares its elements. @throws {ShapeError} if they are not as many */
export function reshapeValue(value: Value, shape: Shape): Value {
  if (!isConstant(value)) return reshape(value, shape);
  if (shape.some((d) => d < 0) || numel(shape) !== value.data.length) throw misfit(value.dims, shape);
  return constant(value.data, shape, value.dtype);
}

function misfit(from: Shape, got: readonly number[]): ShapeError {
  const expected = `a shape of ${numel(from)} elements, as ${formatShape(from)} has`;
  return new ShapeError({ op: "Reshape", expected, got: formatShape(got) });
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

function resolve(from: Shape, given: readonly number[], inputs: Inputs): Shape {
  const size = numel(from);
  const target = withBatch(from, given, inputs);
  const known = target.filter((d) => d !== -1);
  const rest = numel(known);
  if (known.length === target.length - 1 && rest > 0 && size % rest === 0)
    return target.map((d) => (d === -1 ? size / rest : d));
  if (rest === size && known.length === target.length) return target;
  // A file exported for one batch size names it in its shapes; another batch takes that place.
  const perSample = numel(target.slice(1));
  if (target[0] === inputs.bakedBatch && perSample > 0 && size % perSample === 0)
    return [size / perSample, ...target.slice(1)];
  throw misfit(from, target);
}

/** What a file exported for one batch size means by [1, -1] where another batch comes: samples are kept apart. */
function withBatch(from: Shape, target: readonly number[], { bakedBatch, batch }: Inputs): readonly number[] {
  const isOther = bakedBatch !== undefined && batch !== undefined && batch !== bakedBatch;
  const means = isOther && from[0] === batch && target[0] === bakedBatch && target.includes(-1);
  return means ? [batch, ...target.slice(1)] : target;
}
