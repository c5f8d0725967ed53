import type { Tensor } from "../tensor.ts";
import { mul } from "./mul.ts";
import { reshape } from "./reshape.ts";

/**
 * The Kronecker product: each element of `a` times all of `b`. Of [m, n] and [p, q] it is [m · p, n · q], and alike for other
 * numbers of axes; the one with fewer gets some of size 1 in front.
 * Source: https://pytorch.org/docs/stable/generated/torch.kron.html
 *
 * @example
 * ```ts
 * import { eye, kron, tensor } from "@graftjs/tensor";
 *
 * console.log(kron(eye(2), tensor([[1, 2]])).toNested()); // [[1, 2, 0, 0], [0, 0, 1, 2]]
 * ```
 */
export function kron(a: Tensor, b: Tensor): Tensor {
  const rank = Math.max(a.rank, b.rank);
  const sizes = (t: Tensor): number[] => [...Array<number>(rank - t.rank).fill(1), ...t.shape];
  const [outer, inner] = [sizes(a), sizes(b)];
  const product = mul(
    reshape(
      a,
      outer.flatMap((d) => [d, 1]),
    ),
    reshape(
      b,
      inner.flatMap((d) => [1, d]),
    ),
  );
  return reshape(
    product,
    outer.map((d, i) => d * (inner[i] as number)),
  );
}
