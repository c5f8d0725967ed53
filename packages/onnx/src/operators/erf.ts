import { erf } from "@graftjs/tensor";
import { defineOperator, dtypeOf, type Operator } from "../operator.ts";
import { foldable } from "./foldable.ts";

/** https://onnx.ai/onnx/operators/onnx__Erf.html */
export const erfOperator: Operator = defineOperator({
  opType: "Erf",
  since: [9, 13],
  exports: {
    erf: ({ opset, emit, input, reject }) =>
      opset < 9 ? reject("Erf exists from operator set 9 on") : void emit("Erf", [input(0)]),
    // Exact to about 1e-7, not relative to small results.
    erfc: ({ op, opset, emit, fresh, input, scalar, reject }) => {
      if (opset < 9) reject("Erf exists from operator set 9 on");
      emit("Sub", [scalar(1, dtypeOf(op)), emit("Erf", [input(0)], {}, fresh())]);
    },
  },
  import: () => foldable((inputs) => erf(inputs.tensor(0))),
});
