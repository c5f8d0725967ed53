import { numel, stridesOf } from "@graftjs/tensor";
import { checkFill, constant, isConstant } from "../constant.ts";
import { defineOperator, type Operator } from "../operator.ts";

/**
 * Where a constant is not 0, [axes, places], in row-major order. Of data, the number of places would not be known before a run.
 * https://onnx.ai/onnx/operators/onnx__NonZero.html
 */
export const nonZeroOperator: Operator = defineOperator({
  opType: "NonZero",
  since: [9, 13],
  roles: { 0: "constant" },
  import: () => (inputs) => {
    const x = inputs.value(0);
    if (!isConstant(x)) return inputs.reject("its number of places would depend on data");
    const { data, dims } = x;
    const places = Array.from(data).flatMap((x, i) => (x === 0 ? [] : [i]));
    const shape = [dims.length, places.length] as const;
    checkFill("NonZero", shape);
    const indices = new Float64Array(numel(shape));
    stridesOf(dims).forEach((stride, axis) => {
      const along = places.map((place) => Math.floor(place / stride) % (dims[axis] as number));
      indices.set(along, axis * places.length);
    });
    return constant(indices, shape, "int64");
  },
});
