import { exp } from "@graftjs/tensor";
import { dtypeOf, type Operator } from "../operator.ts";
import { unary } from "./elementwise.ts";

/** https://onnx.ai/onnx/operators/onnx__Exp.html */
export const expOperator: Operator = {
  ...unary("Exp", [1, 6, 13], { number: Math.exp, tensor: exp }),
  exports: {
    exp: ({ emit, input }) => void emit("Exp", [input(0)]),
    exp2: ({ op, emit, input, scalar }) => void emit("Pow", [scalar(2, dtypeOf(op)), input(0)]),
    // Exact to about 1e-7, not relative to small results.
    expm1: ({ op, emit, fresh, input, scalar }) =>
      void emit("Sub", [emit("Exp", [input(0)], {}, fresh()), scalar(1, dtypeOf(op))]),
  },
};
