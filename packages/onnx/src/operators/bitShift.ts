import { bitwiseLeftShift, bitwiseRightShift } from "@graftjs/tensor";
import { defineOperator, type Operator, string } from "../operator.ts";
import { castValue } from "./cast.ts";
import { applyBinary } from "./elementwise.ts";

/** Bits that the type has no room for are lost; constants may have 64. https://onnx.ai/onnx/operators/onnx__BitShift.html */
export const bitShiftOperator: Operator = defineOperator({
  opType: "BitShift",
  since: [11],
  attributes: { direction: string(undefined) },
  import: ({ attributes: { direction }, reject }) => {
    if (direction !== "LEFT" && direction !== "RIGHT") return reject(`direction "${direction}"`);
    const fn =
      direction === "LEFT"
        ? { number: shiftLeft, tensor: bitwiseLeftShift }
        : { number: (x: number, n: number) => Math.floor(x / 2 ** n), tensor: bitwiseRightShift };
    return (inputs) => {
      const x = inputs.value(0);
      return castValue(applyBinary(x, inputs.value(1), fn), inputs.declared(0) ?? x.dtype);
    };
  },
});

/** In 64 bits; narrower types take the lower ones. */
function shiftLeft(x: number, n: number): number {
  return Number(BigInt.asUintN(64, BigInt(x) << BigInt(n)));
}
