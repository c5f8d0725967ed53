import {
  abs,
  broadcastShapes,
  cast,
  full,
  isFloat,
  lessEqual,
  mul,
  pow,
  round,
  sub,
  type Tensor,
  tensor,
  where,
} from "@graftjs/tensor";
import { type Constant, foldTogether, isConstant, mapConstants, toTensor, type Value } from "../constant.ts";
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

/** By squaring, where the exponents are known whole numbers. */
function integerPower(x: Tensor, exponent: Value): Tensor {
  if (isConstant(exponent) && Array.from(exponent.data).every((n) => Number.isInteger(n) && n >= 0))
    return wholePower(x, exponent);
  const power = pow(cast(x, "float32"), cast(toTensor(exponent), "float32"));
  // What is a whole number may come out a little below it.
  const whole = round(power);
  const isWhole = lessEqual(abs(sub(power, whole)), mul(abs(power), 2 ** -20));
  return cast(where(isWhole, whole, power), x.dtype);
}

/** The product of x^(2^k) over the bits k that are set in an exponent. */
function wholePower(x: Tensor, { data, dims }: Constant): Tensor {
  const exponents = Array.from(data);
  const most = exponents.reduce((a, b) => Math.max(a, b), 0);
  let power = x;
  let product = full(broadcastShapes("Pow", x.shape, dims), 1, { dtype: x.dtype });
  for (let bit = 1; bit <= most; bit *= 2) {
    const isSet = Uint8Array.from(exponents, (n) => Math.floor(n / bit) % 2);
    product = where(tensor(isSet, dims), mul(product, power), product);
    power = mul(power, power);
  }
  return product;
}
