import type { ReduceOptions, Tensor } from "@graftjs/tensor";
import { defineOperator, int, ints, type Operator } from "../operator.ts";

/** A reduction; axes are an attribute up to a version, an input from there on. */
export function reduction(
  opType: string,
  since: readonly number[],
  fn: (x: Tensor, options: ReduceOptions) => Tensor,
): Operator {
  return defineOperator({
    opType,
    since,
    attributes: { axes: ints(), keepdims: int(1), noop_with_empty_axes: int(0) },
    roles: { 1: "constant" },
    import:
      ({ attributes: { axes, keepdims, noop_with_empty_axes } }) =>
      (inputs) => {
        const given = inputs.has(1) ? inputs.numbers(1) : axes;
        const x = inputs.tensor(0);
        const all = given === undefined || given.length === 0;
        if (all && noop_with_empty_axes === 1) return x;
        return fn(x, { ...(!all && { axes: given }), keepDims: keepdims === 1 });
      },
  });
}
