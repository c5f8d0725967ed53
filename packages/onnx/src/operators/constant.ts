import { constant, constantOf } from "../constant.ts";
import { type AttributeSpec, defineOperator, float, ignored, int, ints, type Operator } from "../operator.ts";
import type { TensorData } from "../tensorData.ts";

const tensorAttribute: AttributeSpec<TensorData | undefined> = { types: ["tensor"], fallback: undefined };
const floats: AttributeSpec<readonly number[] | undefined> = { types: ["floats"], fallback: undefined };

/** A value in the node itself; never a parameter. https://onnx.ai/onnx/operators/onnx__Constant.html */
export const constantOperator: Operator = defineOperator({
  opType: "Constant",
  since: [1, 9, 11, 12, 13, 19, 21, 23, 24, 25],
  attributes: {
    value: tensorAttribute,
    value_float: float(undefined),
    value_floats: floats,
    value_int: int(undefined),
    value_ints: ints(),
    value_string: ignored(),
    value_strings: ignored(),
    sparse_value: ignored(),
  },
  import: ({ attributes, reject }) => {
    const { value, value_float, value_floats, value_int, value_ints } = attributes;
    if (value?.dtype === "string" || value?.dtype.startsWith("complex")) reject(`a constant of type ${value.dtype}`);
    const made = value
      ? constantOf(value)
      : value_float !== undefined
        ? constant([value_float], [], "float32")
        : value_int !== undefined
          ? constant([value_int], [], "int64")
          : value_floats
            ? constant(value_floats, [value_floats.length], "float32")
            : value_ints
              ? constant(value_ints, [value_ints.length], "int64")
              : reject("a constant that is no dense tensor of numbers");
    return () => made;
  },
});
