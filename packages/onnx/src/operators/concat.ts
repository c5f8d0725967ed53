import { concat, type KernelAttrs, normalizeAxis, numel, type Tensor } from "@graftjs/tensor";
import { concatConstants, folds, shapeOf, toTensor, type Value } from "../constant.ts";
import { defineOperator, int, type Operator } from "../operator.ts";
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
    (inputs) => {
      const rest = Array.from({ length: inputs.count - 1 }, (_, i) => inputs.value(i + 1));
      return concatValues("Concat", [inputs.value(0), ...rest], axis);
    },
});
