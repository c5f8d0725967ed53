import { cast, isFloat, mul, pow, type Tensor } from "@graftjs/tensor";
import { folds, isConstant, mapConstants, type Value } from "../constant.ts";
import type { Operator } from "../operator.ts";
import { binary } from "./elementwise.ts";

/** Of the base's type, whatever the exponent's is. https://onnx.ai/onnx/operators/onnx__Pow.html */
export const powOperator: Operator = {
  ...binary("Pow", [1, 7, 12, 13, 15], { number: (x, y) => x ** y, tensor: pow }, "pow"),
  import: () => (inputs) => {
    const operands = [inputs.value(0), inputs.value(1)] as const;
    if (folds(operands, 0)) return mapConstants(operands, operands[0].dtype, (x, y) => (x as number) ** (y as number));
    const [x, y] = [inputs.tensor(0), inputs.tensor(1)];
    return isFloat(x.dtype) ? pow(x, cast(y, x.dtype)) : integerPower(x, y, operands[1]);
  },
};

/** By squaring, where the exponent is one integer. */
function integerPower(x: Tensor, y: Tensor, exponent: Value): Tensor {
  if (isConstant(exponent) && exponent.dims.length === 0) {
    const [n] = Array.from(exponent.data) as [number];
    if (Number.isInteger(n) && n >= 0) return pow(x, n);
  }
  // What is a whole number may come out a little below it.
  const power = pow(cast(x, "float32"), cast(y, "float32"));
  return cast(mul(power, 1 + 2 ** -20), x.dtype);
}
