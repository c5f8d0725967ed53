import type { Tensor } from "@graftjs/tensor";
import type { Operator } from "../operator.ts";
import { binary } from "./elementwise.ts";

/** An operator on the bits of two integers; those of constants may be 64. */
export function bitwise(
  opType: string,
  number: (x: bigint, y: bigint) => bigint,
  tensor: (x: Tensor, y: Tensor) => Tensor,
): Operator {
  return binary(opType, [18], { number: (x, y) => Number(number(BigInt(x), BigInt(y))), tensor });
}
