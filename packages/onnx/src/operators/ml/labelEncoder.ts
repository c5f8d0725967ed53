import { equal, full, isnan, type Tensor, where } from "@graftjs/tensor";
import { constantOf, isFloat, tensorDType } from "../../constant.ts";
import { defineOperator, float, floats, ignored, int, ints, type Operator, strings, tensor } from "../../operator.ts";
import type { OnnxDType } from "../../tensorData.ts";
import { mlDomain } from "./domain.ts";

/** Every element is compared with each key. */
const mostKeys = 1000;

/**
 * Each element mapped from a list of keys to one of values, and to a default where it is none of the keys; of equal keys the last counts,
 * and NaN is equal to NaN. Numbers only. https://onnx.ai/onnx/operators/onnx_aionnxml_LabelEncoder.html
 */
export const labelEncoderOperator: Operator = defineOperator({
  opType: "LabelEncoder",
  domain: mlDomain,
  since: [1, 2, 4],
  attributes: {
    // Of version 1, which maps text.
    classes_strings: strings(),
    keys_floats: floats(),
    keys_int64s: ints(),
    keys_strings: strings(),
    keys_tensor: tensor(),
    values_floats: floats(),
    values_int64s: ints(),
    values_strings: strings(),
    values_tensor: tensor(),
    default_float: float(0),
    default_int64: int(-1),
    default_string: ignored(),
    default_tensor: tensor(),
  },
  import: ({ attributes: a, reject }) => {
    const isText = [a.keys_tensor, a.values_tensor].some((list) => list?.dtype === "string");
    if (isText || [a.classes_strings, a.keys_strings, a.values_strings].some((list) => list?.length))
      reject("it maps text, and tensors hold numbers");
    const keys = a.keys_tensor ? Array.from(constantOf(a.keys_tensor).data) : (a.keys_floats ?? a.keys_int64s ?? []);
    const [values, dtype]: readonly [readonly number[], OnnxDType] = a.values_tensor
      ? [Array.from(constantOf(a.values_tensor).data), a.values_tensor.dtype]
      : a.values_floats
        ? [a.values_floats, "float32"]
        : [a.values_int64s ?? [], "int64"];
    if (keys.length > mostKeys) reject(`${keys.length} keys, where each is compared with, up to ${mostKeys}`);
    if (keys.length !== values.length) reject(`${keys.length} keys for ${values.length} values`);
    const given = a.default_tensor && constantOf(a.default_tensor).data[0];
    const otherwise = given ?? (isFloat(dtype) ? a.default_float : a.values_int64s ? a.default_int64 : -1);
    return (inputs) => {
      const x = inputs.tensor(0);
      const of = (value: number): Tensor => full([], value, { dtype: tensorDType(dtype) });
      return keys.reduce<Tensor>(
        (y, key, i) => where(Number.isNaN(key) ? isnan(x) : equal(x, key), of(values[i] as number), y),
        full(x.shape, otherwise, { dtype: tensorDType(dtype) }),
      );
    };
  },
});
