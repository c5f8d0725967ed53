import { cast, full, type ReduceAttrs, type ReduceOptions, sum, type Tensor } from "@graftjs/tensor";
import { defineOperator, type ExportContext, type ExportRule, int, ints, type Operator } from "../operator.ts";

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

/** Writes a reduction; from operator set `asInput` on, axes are an input. */
export function exportReduction(opType: string, asInput: number): ExportRule {
  return ({ op, opset, emit, input, ints }: ExportContext) => {
    const { axes, keepDims } = op.attrs as ReduceAttrs;
    const keepdims = { type: "int", value: Number(keepDims) } as const;
    if (opset >= asInput) emit(opType, [input(0), ints(axes)], { keepdims });
    else emit(opType, [input(0)], { axes: { type: "ints", value: axes }, keepdims });
  };
}

/** A maximum or minimum that takes bool too, and has a value, `limit`, over nothing. */
export function reduceExtreme(
  fn: (x: Tensor, options: ReduceOptions) => Tensor,
  limit: number,
): (x: Tensor, options: ReduceOptions) => Tensor {
  return (x, options) => {
    const { dtype } = x;
    if (x.size > 0) return dtype === "bool" ? cast(fn(cast(x, "int32"), options), "bool") : fn(x, options);
    const bounds = { bool: [0, 1], int32: [-(2 ** 31), 2 ** 31 - 1] } as const;
    const value = dtype === "bool" || dtype === "int32" ? bounds[dtype][limit < 0 ? 0 : 1] : limit;
    return full(sum(x, options).shape, value, { dtype });
  };
}
