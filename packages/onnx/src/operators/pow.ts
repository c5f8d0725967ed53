import { abs, cast, isFloat, lessEqual, mul, pow, round, sub, type Tensor, where } from "@graftjs/tensor";
import { foldTogether, isConstant, mapConstants, toTensor, type Value } from "../constant.ts";
import type { Operator } from "../operator.ts";
import { binary, operandsAt } from "./elementwise.ts";

/** Of the base's type, whatever the exponent's is. https://onnx.ai/onnx/operators/onnx__Pow.html */
export const powOperator: Operator = {
  ...binary("Pow", [1, 7, 12, 13, 15], { number: (x, y) => x ** y, tensor: pow }, "pow"),
  import:
    ({ attributes: { axis } }) =>
    (inputs) => {
      const operands = operandsAt(inputs, axis as number | undefined);
      if (foldTogether(operands))
        return mapConstants(operands, operands[0].dtype, (x, y) => (x as number) ** (y as number));
      const x = toTensor(operands[0]);
      return isFloat(x.dtype) ? pow(x, cast(toTensor(operands[1]), x.dtype)) : integerPower(x, operands[1]);
    },
};

/** By squaring, where the exponent is one integer. */
function integerPower(x: Tensor, exponent: Value): Tensor {
  if (isConstant(exponent) && exponent.dims.length === 0) {
    const [n] = Array.from(exponent.data) as [number];
    if (Number.isInteger(n) && n >= 0) return pow(x, n);
  }
  const power = pow(cast(x, "float32"), cast(toTensor(exponent), "float32"));
  // What is a whole number may come out a little below it.
  const whole = round(power);
  const isWhole = lessEqual(abs(sub(power, whole)), mul(abs(power), 2 ** -20));
  return cast(where(isWhole, whole, power), x.dtype);
}
