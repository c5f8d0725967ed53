import { ShapeError } from "../errors.ts";
import { formatShape } from "../shape.ts";
import type { Tensor } from "../tensor.ts";
import { diagonal } from "./diagonal.ts";
import { sum } from "./sum.ts";

/**
 * The sum of the main diagonal of a matrix, a scalar.
 * @throws {ShapeError} if `x` is no matrix.
 * Source: https://pytorch.org/docs/stable/generated/torch.trace.html
 *
 * @example
 * ```ts
 * import { tensor, trace } from "@graftjs/tensor";
 *
 * console.log(trace(tensor([[1, 2], [3, 4]])).item()); // 5
 * ```
 */
export function trace(x: Tensor): Tensor {
  if (x.rank !== 2) throw new ShapeError({ op: "trace", expected: "a matrix", got: formatShape(x.shape) });
  return sum(diagonal(x));
}
