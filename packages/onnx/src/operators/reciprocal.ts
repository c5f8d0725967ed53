import { div } from "@graftjs/tensor";
import type { Operator } from "../operator.ts";
import { unary } from "./elementwise.ts";

/** https://onnx.ai/onnx/operators/onnx__Reciprocal.html */
export const reciprocalOperator: Operator = {
  ...unary("Reciprocal", [1, 6, 13], { number: (x) => 1 / x, tensor: (x) => div(1, x) }),
  exports: { rsqrt: ({ emit, fresh, input }) => void emit("Reciprocal", [emit("Sqrt", [input(0)], {}, fresh())]) },
};
