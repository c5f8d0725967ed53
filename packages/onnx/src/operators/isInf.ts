import { equal, logicalOr } from "@graftjs/tensor";
import { defineOperator, int, type Operator } from "../operator.ts";
import { foldable } from "./foldable.ts";

/** https://onnx.ai/onnx/operators/onnx__IsInf.html */
export const isInfOperator: Operator = defineOperator({
  opType: "IsInf",
  since: [10, 20],
  attributes: { detect_negative: int(1), detect_positive: int(1) },
  import: ({ attributes: { detect_negative, detect_positive } }) =>
    foldable(
      (inputs) => {
        const x = inputs.tensor(0);
        // What is not asked for is compared with NaN, which nothing equals.
        const above = equal(x, detect_positive ? Number.POSITIVE_INFINITY : Number.NaN);
        return logicalOr(above, equal(x, detect_negative ? Number.NEGATIVE_INFINITY : Number.NaN));
      },
      ["bool"],
    ),
});
