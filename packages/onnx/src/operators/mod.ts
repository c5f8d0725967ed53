import { abs, cast, div, floor, mul, sign, sub, type Tensor } from "@graftjs/tensor";
import { defineOperator, int, type Operator } from "../operator.ts";
import { applyBinary } from "./elementwise.ts";

/** The remainder with the divisor's sign, or, where `fmod` is set, with the dividend's. https://onnx.ai/onnx/operators/onnx__Mod.html */
export const modOperator: Operator = defineOperator({
  opType: "Mod",
  since: [10, 13],
  attributes: { fmod: int(0) },
  import:
    ({ attributes: { fmod } }) =>
    (inputs) =>
      applyBinary(inputs.value(0), inputs.value(1), {
        number: (x, y) => (fmod ? x % y : x - Math.floor(x / y) * y),
        tensor: (x, y) => cast(remainder(cast(x, "float32"), cast(y, "float32"), fmod !== 0), x.dtype),
      }),
});

function remainder(x: Tensor, y: Tensor, truncated: boolean): Tensor {
  const quotient = div(x, y);
  const whole = truncated ? mul(sign(quotient), floor(abs(quotient))) : floor(quotient);
  return sub(x, mul(whole, y));
}
