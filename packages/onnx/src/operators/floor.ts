import { floor } from "@graftjs/tensor";
import { dtypeOf, type ExportContext, type Operator } from "../operator.ts";
import { unary } from "./elementwise.ts";

/** https://onnx.ai/onnx/operators/onnx__Floor.html */
export const floorOperator: Operator = {
  ...unary("Floor", [1, 6, 13], { number: Math.floor, tensor: floor }),
  exports: {
    floor: ({ emit, input }) => void emit("Floor", [input(0)]),
    trunc: ({ opset, emit, fresh, input, reject }) => {
      if (opset < 9) reject("Sign exists from operator set 9 on");
      const size = emit("Floor", [emit("Abs", [input(0)], {}, fresh())], {}, fresh());
      emit("Mul", [emit("Sign", [input(0)], {}, fresh()), size]);
    },
    floorDivide: exportFloorDivide,
  },
};

/** Floats are divided and rounded down; of integers, what remains is taken away first, as Div rounds them towards zero. */
function exportFloorDivide({ op, opset, emit, fresh, input, reject }: ExportContext): void {
  if (dtypeOf(op) !== "int32") return void emit("Floor", [emit("Div", [input(0), input(1)], {}, fresh())]);
  if (opset < 10) reject("Mod exists from operator set 10 on");
  const rest = emit("Mod", [input(0), input(1)], {}, fresh());
  emit("Div", [emit("Sub", [input(0), rest], {}, fresh()), input(1)]);
}
