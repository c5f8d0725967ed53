import { bitwiseLeftShift, bitwiseRightShift } from "@graftjs/tensor";
import { defineOperator, type Operator, string } from "../operator.ts";
import type { OnnxDType } from "../tensorData.ts";
import { bitsOf } from "./bitwise.ts";
import { castValue } from "./cast.ts";
import { applyBinary, type Binary } from "./elementwise.ts";

const left: Binary = { number: shiftLeft, tensor: bitwiseLeftShift };
const right: Binary = { number: shiftRight, tensor: bitwiseRightShift };

/** Bits that the type has no room for are lost, and the sign stays. https://onnx.ai/onnx/operators/onnx__BitShift.html */
export const bitShiftOperator: Operator = defineOperator({
  opType: "BitShift",
  since: [11, 28],
  attributes: { direction: string(undefined) },
  import: ({ attributes: { direction }, reject }) => {
    if (direction !== "LEFT" && direction !== "RIGHT") return reject(`direction "${direction}"`);
    return (inputs) => {
      const x = inputs.value(0);
      const shifted = applyBinary(x, inputs.value(1), direction === "LEFT" ? left : right);
      return castValue(shifted, inputs.declared(0) ?? x.dtype);
    };
  },
});

function shiftLeft(x: number, n: number, dtype: OnnxDType): number {
  const width = dtype.endsWith("64") ? 64 : 32;
  return n >= 0 && n < width ? Number(BigInt.asIntN(width, bitsOf(x) << bitsOf(n))) : 0;
}

function shiftRight(x: number, n: number): number {
  return Math.floor(x / 2 ** (n < 0 ? 64 : n));
}
