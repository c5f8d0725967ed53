import { ArgumentError } from "@graftjs/tensor";
import { defineOperator, type Operator } from "../operator.ts";
import { nothing } from "../sequence.ts";

/** https://onnx.ai/onnx/operators/onnx__OptionalGetElement.html */
export const optionalGetElementOperator: Operator = defineOperator({
  opType: "OptionalGetElement",
  since: [15, 18, 28],
  import: () => (inputs) => {
    const value = inputs.any(0);
    if (value !== nothing) return value;
    throw new ArgumentError({ op: "OptionalGetElement", expected: "an optional with an element", got: "an empty one" });
  },
});
