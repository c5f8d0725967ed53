import { arange, cast, equal, formatShape, reshape, ShapeError, type Tensor } from "@graftjs/tensor";
import { checkFill, tensorDType } from "../constant.ts";
import { defineOperator, int, type Operator } from "../operator.ts";
import { elementType, targetDType } from "./cast.ts";
import { evaluate } from "./foldable.ts";

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
      const [rows, columns, ...others] = shape;
      if (rows === undefined || columns === undefined || others.length > 0)
        throw new ShapeError({ op: "EyeLike", expected: "a matrix", got: formatShape(shape) });
      const made = to ?? elementType(inputs, 0);
      const eye = (): Tensor =>
        cast(equal(reshape(arange(k, k + rows), [rows, 1]), arange(columns)), tensorDType(made));
      return evaluate(eye, () => made) ?? eye();
    };
  },
});
