import { sqrt } from "@graftjs/tensor";
import type { Operator } from "../operator.ts";
import { unary } from "./elementwise.ts";

/** https://onnx.ai/onnx/operators/onnx__Sqrt.html */
export const sqrtOperator: Operator = {
  ...unary("Sqrt", [1, 6, 13], { number: Math.sqrt, tensor: sqrt }),
  exports: {
    sqrt: ({ emit, input }) => void emit("Sqrt", [input(0)]),
    hypot: ({ emit, fresh, input }) => {
      const [a, b] = [input(0), input(1)].map((x) => emit("Mul", [x, x], {}, fresh())) as [string, string];
      emit("Sqrt", [emit("Add", [a, b], {}, fresh())]);
    },
  },
};
