import { indexSelect, normalizeAxis, reshape } from "@graftjs/tensor";
import { defineOperator, int, type Operator } from "../operator.ts";
import { foldable } from "./foldable.ts";

/**
 * The slices along `axis`, or without it the elements, for which a condition, known beforehand, holds; it may be shorter.
 * https://onnx.ai/onnx/operators/onnx__Compress.html
 */
export const compressOperator: Operator = defineOperator({
  opType: "Compress",
  since: [9, 11, 28],
  attributes: { axis: int(undefined) },
  roles: { 1: "constant" },
  import: ({ attributes: { axis } }) =>
    foldable((inputs) => {
      const places = inputs.numbers(1).flatMap((holds, i) => (holds ? [i] : []));
      const x = inputs.tensor(0);
      if (axis === undefined) return indexSelect(reshape(x, [x.size]), places);
      return indexSelect(x, places, normalizeAxis("Compress", axis, x.rank));
    }),
});
