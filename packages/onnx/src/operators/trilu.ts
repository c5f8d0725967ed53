import { cast, tril, triu } from "@graftjs/tensor";
import { defineOperator, int, type Operator } from "../operator.ts";
import { foldable } from "./foldable.ts";

/** The upper or lower triangle of matrices, from diagonal `k` on. https://onnx.ai/onnx/operators/onnx__Trilu.html */
export const triluOperator: Operator = defineOperator({
  opType: "Trilu",
  since: [14],
  attributes: { upper: int(1) },
  roles: { 1: "constant" },
  import: ({ attributes: { upper } }) =>
    foldable((inputs) => {
      const x = inputs.tensor(0);
      const k = inputs.has(1) ? (inputs.numbers(1)[0] ?? 0) : 0;
      // Diagonals further away are as empty as the first one outside.
      const diagonal = Math.min(Math.max(k, -(x.shape.at(-2) ?? 0)), x.shape.at(-1) ?? 0);
      return cast((upper ? triu : tril)(x, diagonal), x.dtype);
    }),
});
