import { formatShape, type KernelAttrs, normalizeAxes, permute, ShapeError, stridesOf } from "@graftjs/tensor";
import { gather, isConstant } from "../constant.ts";
import { defineOperator, ints, type Operator } from "../operator.ts";

/** Without `perm`, axes are reversed. https://onnx.ai/onnx/operators/onnx__Transpose.html */
export const transposeOperator: Operator = defineOperator({
  opType: "Transpose",
  since: [1, 13, 21, 23, 24, 25],
  attributes: { perm: ints() },
  exports: {
    permute: ({ op, emit, input }) => {
      emit("Transpose", [input(0)], { perm: { type: "ints", value: (op.attrs as KernelAttrs["permute"]).axes } });
    },
  },
  import:
    ({ attributes: { perm } }) =>
    (inputs) => {
      const value = inputs.value(0);
      const shape = inputs.shape(0);
      const axes = perm ?? shape.map((_, i) => shape.length - 1 - i);
      if (!isConstant(value)) return permute(value, axes);
      if (normalizeAxes("Transpose", axes, shape.length).length !== shape.length || axes.some((axis) => axis < 0))
        throw new ShapeError({
          op: "Transpose",
          expected: `each of ${shape.length} axes once`,
          got: formatShape(axes),
        });
      const strides = stridesOf(shape);
      return gather(
        value,
        axes.map((i) => shape[i] as number),
        axes.map((i) => strides[i] as number),
      );
    },
});
