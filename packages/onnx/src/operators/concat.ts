import { ArgumentError, concat, expand, type KernelAttrs, normalizeAxis, numel, type Tensor } from "@graftjs/tensor";
import { concatConstants, folds, shapeOf, toTensor, type Value } from "../constant.ts";
import { defineOperator, type Inputs, int, type Operator } from "../operator.ts";
import { reshapeValue } from "./reshape.ts";

/** Values joined along an axis that they have. @throws {ShapeError} if their other sizes differ */
export function concatValues(opType: string, values: readonly [Value, ...Value[]], axis: number): Value {
  const [first] = values;
  const at = normalizeAxis(opType, axis, shapeOf(first).length);
  const size = values.reduce((sum, value) => sum + numel(shapeOf(value)), 0);
  if (folds(values, size)) return concatConstants(values, at);
  return concat(values.map(toTensor) as [Tensor, ...Tensor[]], at);
}

/** Values joined along an axis that is new. @throws {ShapeError} if their sizes differ */
export function stackValues(opType: string, values: readonly [Value, ...Value[]], axis: number): Value {
  const [first] = values;
  const at = normalizeAxis(opType, axis, shapeOf(first).length + 1);
  const unsqueezed = values.map((value) => {
    const shape = shapeOf(value);
    return reshapeValue(value, [...shape.slice(0, at), 1, ...shape.slice(at)]);
  });
  return concatValues(opType, unsqueezed as [Value, ...Value[]], at);
}

/** https://onnx.ai/onnx/operators/onnx__Concat.html */
export const concatOperator: Operator = defineOperator({
  opType: "Concat",
  since: [1, 4, 11, 13],
  attributes: { axis: int(1) },
  exports: {
    concat: ({ op, emit, input }) => {
      const { axis } = op.attrs as KernelAttrs["concat"];
      emit(
        "Concat",
        op.inputs.map((_, i) => input(i)),
        { axis: { type: "int", value: axis } },
      );
    },
  },
  import:
    ({ attributes: { axis } }) =>
    (inputs) =>
      concatValues("Concat", forBatch(inputs, axis), axis),
});

/** The inputs, of which there is at least one. Where another batch comes than the one that a file is made for, what it holds for that one is repeated. */
function forBatch(inputs: Inputs, axis: number): readonly [Value, ...Value[]] {
  const [first, ...rest] = Array.from({ length: inputs.count }, (_, i) => inputs.value(i));
  if (!first) throw new ArgumentError({ op: "Concat", expected: "at least one input", got: "none" });
  const values = [first, ...rest] as const;
  const { bakedBatch, batch } = inputs;
  const alongBatch = values.some((value) => normalizeAxis("Concat", axis, shapeOf(value).length) === 0);
  const isOther = bakedBatch === 1 && batch !== undefined && batch > 1;
  if (alongBatch || !isOther || values.every((value) => shapeOf(value)[0] !== batch)) return values;
  const repeated = (value: Value): Value => {
    const [samples, ...shape] = shapeOf(value);
    return samples === 1 ? expand(toTensor(value), [batch, ...shape]) : value;
  };
  return [repeated(first), ...rest.map(repeated)];
}
