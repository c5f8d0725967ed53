import { concat, type KernelAttrs, normalizeAxis, type Tensor } from "@graftjs/tensor";
import { concatConstants, folds } from "../constant.ts";
import { defineOperator, int, type Operator } from "../operator.ts";

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
      const places = Array.from({ length: inputs.count }, (_, i) => i);
      const values = places.map((i) => inputs.value(i));
      const at = normalizeAxis("Concat", axis, inputs.shape(0).length);
      if (folds(values, 0)) return concatConstants(values, at);
      return concat(places.map((i) => inputs.tensor(i)) as [Tensor, ...Tensor[]], at);
    },
});
