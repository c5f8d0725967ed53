import { flip, normalizeAxis, pad, slice, type Tensor } from "@graftjs/tensor";
import { defineOperator, int, type Operator } from "../operator.ts";
import { foldable } from "./foldable.ts";

/**
 * What `fn` makes of the elements up to each one along an axis; where `exclusive`, of those before it, which are none, `empty`, at
 * first; in `reverse`, of those from each one on.
 */
export function cumulative(
  opType: string,
  since: readonly number[],
  fn: (x: Tensor, axis: number) => Tensor,
  empty: number,
): Operator {
  return defineOperator({
    opType,
    since,
    attributes: { exclusive: int(0), reverse: int(0) },
    roles: { 1: "constant" },
    import: ({ attributes: { exclusive, reverse } }) =>
      foldable((inputs) => {
        const x = inputs.tensor(0);
        const axis = normalizeAxis(opType, inputs.numbers(1)[0] as number, x.rank);
        let y = reverse ? flip(x, [axis]) : x;
        if (exclusive) {
          const moved = y.shape.map((_, i) => [Number(i === axis), 0] as const);
          y = slice(pad(y, moved, empty), axis, 0, x.shape[axis] as number);
        }
        y = fn(y, axis);
        return reverse ? flip(y, [axis]) : y;
      }),
  });
}
