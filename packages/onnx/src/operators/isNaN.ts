import { isnan } from "@graftjs/tensor";
import { constant, isConstant } from "../constant.ts";
import { defineOperator, type Operator } from "../operator.ts";

/** https://onnx.ai/onnx/operators/onnx__IsNaN.html */
export const isNaNOperator: Operator = defineOperator({
  opType: "IsNaN",
  since: [9, 13, 20],
  import: () => (inputs) => {
    const x = inputs.value(0);
    return isConstant(x)
      ? constant(
          Array.from(x.data, (v) => Number(Number.isNaN(v))),
          x.dims,
          "bool",
        )
      : isnan(x);
  },
});
