import { div, floor, mul, sub } from "@graftjs/tensor";
import { defineOperator, int, type Operator } from "../operator.ts";
import { applyBinary } from "./elementwise.ts";

/** The remainder with the divisor's sign; `fmod = 1`, which takes the dividend's, on constants alone. https://onnx.ai/onnx/operators/onnx__Mod.html */
export const modOperator: Operator = defineOperator({
  opType: "Mod",
  since: [10, 13],
  attributes: { fmod: int(0) },
  import:
    ({ attributes: { fmod }, reject }) =>
    (inputs) =>
      applyBinary(inputs.value(0), inputs.value(1), {
        number: (x, y) => (fmod ? x % y : x - Math.floor(x / y) * y),
        tensor: (x, y) =>
          fmod || x.dtype !== "float32" ? reject("a remainder of such data") : sub(x, mul(floor(div(x, y)), y)),
      }),
});
