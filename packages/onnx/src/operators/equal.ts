import { equal } from "@graftjs/tensor";
import type { ExportContext, Operator } from "../operator.ts";
import { binary } from "./elementwise.ts";

/** https://onnx.ai/onnx/operators/onnx__Equal.html */
export const equalOperator: Operator = {
  ...binary("Equal", [1, 7, 11, 13, 19], {
    number: (x, y) => Number(x === y),
    tensor: equal,
    compares: true,
  }),
  exports: {
    equal: (context) => {
      checkOpset(context);
      context.emit("Equal", [context.input(0), context.input(1)]);
    },
    notEqual: (context) => {
      checkOpset(context);
      const { emit, fresh, input } = context;
      emit("Not", [emit("Equal", [input(0), input(1)], {}, fresh())]);
    },
  },
};

function checkOpset({ op, opset, reject }: ExportContext): void {
  if (opset < 11 && op.inputs[0]?.spec.dtype.startsWith("float")) reject("Equal takes floats from operator set 11 on");
}
