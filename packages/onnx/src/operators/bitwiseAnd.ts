import { bitwiseAnd } from "@graftjs/tensor";
import { dtypeOf, type Operator } from "../operator.ts";
import { bitwise } from "./bitwise.ts";

/** https://onnx.ai/onnx/operators/onnx__BitwiseAnd.html */
export const bitwiseAndOperator: Operator = {
  ...bitwise("BitwiseAnd", (x, y) => x & y, bitwiseAnd),
  exports: {
    bitwiseAnd: ({ op, opset, emit, input, reject }) => {
      const opType = dtypeOf(op) === "bool" ? "And" : "BitwiseAnd";
      if (opType === "BitwiseAnd" && opset < 18) reject("BitwiseAnd exists from operator set 18 on");
      emit(opType, [input(0), input(1)]);
    },
  },
};
