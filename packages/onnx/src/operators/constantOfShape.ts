import { full, numel } from "@graftjs/tensor";
import { checkFill, constant, constantOf, folds, tensorDType } from "../constant.ts";
import { defineOperator, type Operator, tensor } from "../operator.ts";

/** A shape filled with one value, by default 0 (float). https://onnx.ai/onnx/operators/onnx__ConstantOfShape.html */
export const constantOfShapeOperator: Operator = defineOperator({
  opType: "ConstantOfShape",
  since: [9, 20, 21, 23, 24, 25],
  attributes: { value: tensor() },
  roles: { 0: "constant" },
  import: ({ attributes }) => {
    const value = attributes.value ? constantOf(attributes.value) : constant([0], [1], "float32");
    const element = value.data[0] ?? 0;
    return (inputs) => {
      const shape = inputs.numbers(0);
      checkFill("ConstantOfShape", shape);
      const size = numel(shape);
      if (folds([], size)) return constant(new Array<number>(size).fill(element), shape, value.dtype);
      return full(shape, element, { dtype: tensorDType(value.dtype) });
    };
  },
});
