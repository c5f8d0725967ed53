import { checkFill, constant } from "../constant.ts";
import { defineOperator, int, type Operator } from "../operator.ts";
import { targetDType } from "./cast.ts";

/**
 * 1 on diagonal `k` of a matrix of the input's shape, 0 elsewhere; of the input's type unless `dtype` says otherwise.
 * https://onnx.ai/onnx/operators/onnx__EyeLike.html
 */
export const eyeLikeOperator: Operator = defineOperator({
  opType: "EyeLike",
  since: [9, 22],
  attributes: { dtype: int(undefined), k: int(0) },
  import: ({ attributes: { dtype, k }, reject }) => {
    const to = dtype === undefined ? undefined : targetDType(dtype, reject);
    return (inputs) => {
      const shape = inputs.shape(0);
      checkFill("EyeLike", shape);
      const [rows, columns] = shape as readonly [number, number];
      const data = Array.from({ length: rows * columns }, (_, i) =>
        Number((i % columns) - Math.floor(i / columns) === k),
      );
      return constant(data, shape, to ?? inputs.value(0).dtype);
    };
  },
});
