import { minimum } from "@graftjs/tensor";
import type { Operator } from "../operator.ts";
import { variadic } from "./elementwise.ts";

/** The operands broadcast together from version 8 on. https://onnx.ai/onnx/operators/onnx__Min.html */
export const minOperator: Operator = {
  ...variadic("Min", [1, 6, 8, 12, 13], { number: (x, y) => Math.min(x, y), tensor: minimum }),
  exports: {
    minimum: ({ opset, emit, input, reject }) =>
      opset < 8 ? reject("Min broadcasts from operator set 8 on") : void emit("Min", [input(0), input(1)]),
  },
};
