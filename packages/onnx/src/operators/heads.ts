import { ArgumentError, formatShape, reshape, type Tensor } from "@graftjs/tensor";

/** [N, L, heads · E] as [N, L, heads, E]. @throws {ArgumentError} if that is not possible, or the number is not given */
export function splitHeads(op: string, x: Tensor, heads: number | undefined): Tensor {
  const [batch, length, features] = x.shape as [number, number, number];
  if (x.rank !== 3 || !heads || features % heads !== 0) {
    throw new ArgumentError({
      op,
      expected: "[N, L, heads · E], with the number of heads as an attribute",
      got: `${formatShape(x.shape)}, ${heads ?? "no"} heads`,
    });
  }
  return reshape(x, [batch, length, heads, features / heads]);
}
