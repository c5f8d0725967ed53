import type { Tensor } from "@graftjs/tensor";
import type { Operator } from "../operator.ts";
import { binary } from "./elementwise.ts";

/** An operator on the bits of two integers; those of constants may be 64. */
export function bitwise(
  opType: string,
  number: (x: bigint, y: bigint) => bigint,
  tensor: (x: Tensor, y: Tensor) => Tensor,
): Operator {
  return binary(opType, [18], { number: (x, y) => Number(number(bitsOf(x), bitsOf(y))), tensor });
}

/** A number's bits; of what is no integer, of which a file may make a constant all the same, none. */
export function bitsOf(x: number): bigint {
  return Number.isInteger(x) ? BigInt(x) : 0n;
}
