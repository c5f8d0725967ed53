import { maximum } from "@graftjs/tensor";
import type { Operator } from "../operator.ts";
import { variadic } from "./elementwise.ts";

/** The operands broadcast together from version 8 on. https://onnx.ai/onnx/operators/onnx__Max.html */
export const maxOperator: Operator = {
  ...variadic("Max", [1, 6, 8, 12, 13], { number: (x, y) => Math.max(x, y), tensor: maximum }),
  exports: {
    maximum: ({ opset, emit, input, reject }) =>
      opset < 8 ? reject("Max broadcasts from operator set 8 on") : void emit("Max", [input(0), input(1)]),
  },
};
