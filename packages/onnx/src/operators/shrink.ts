import { add, cast, greater, less, sub, where } from "@graftjs/tensor";
import { defineOperator, float, type Operator } from "../operator.ts";

/** x + bias where x < -lambd, x - bias where x > lambd, 0 between. https://onnx.ai/onnx/operators/onnx__Shrink.html */
export const shrinkOperator: Operator = defineOperator({
  opType: "Shrink",
  since: [9],
  attributes: { bias: float(0), lambd: float(0.5) },
  import:
    ({ attributes: { bias, lambd } }) =>
    (inputs) => {
      const x = inputs.tensor(0);
      const y = where(less(x, -lambd), add(x, bias), where(greater(x, lambd), sub(x, bias), 0));
      return cast(y, x.dtype);
    },
});
