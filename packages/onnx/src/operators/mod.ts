import { remainder, fmod as truncated } from "@graftjs/tensor";
import { defineOperator, int, type Operator } from "../operator.ts";
import { applyBinary } from "./elementwise.ts";

/** The remainder with the divisor's sign, or, where `fmod` is set, with the dividend's. https://onnx.ai/onnx/operators/onnx__Mod.html */
export const modOperator: Operator = defineOperator({
  opType: "Mod",
  since: [10, 13, 28],
  attributes: { fmod: int(0) },
  exports: {
    fmod: ({ opset, emit, input, reject }) => {
      if (opset < 10) reject("Mod exists from operator set 10 on");
      emit("Mod", [input(0), input(1)], { fmod: { type: "int", value: 1 } });
    },
  },
  import:
    ({ attributes: { fmod } }) =>
    (inputs) =>
      applyBinary(inputs.value(0), inputs.value(1), {
        number: (x, y) => (fmod ? x % y : floorMod(x, y)),
        tensor: fmod ? truncated : remainder,
      }),
});

function floorMod(x: number, y: number): number {
  const rest = x % y;
  return rest !== 0 && rest < 0 !== y < 0 ? rest + y : rest;
}
