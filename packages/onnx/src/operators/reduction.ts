import { cast, full, isFloat, type ReduceAttrs, type ReduceOptions, sum, type Tensor, tensor } from "@graftjs/tensor";
import { folds, isConstant, toTensor } from "../constant.ts";
import { defineOperator, type ExportContext, type ExportRule, int, ints, type Operator } from "../operator.ts";
import { evaluate } from "./foldable.ts";

/** What a reduction computes over axes; none where the list is empty. */
export type Reduce = (x: Tensor, options: ReduceOptions) => Tensor;

/**
 * A reduction; axes are an attribute below version `asInput`, an input from there on. Where there are none, all axes are reduced
 * over, or, if the node says so, none.
 */
export function reduction(opType: string, since: readonly number[], asInput: number, fn: Reduce): Operator {
  return defineOperator({
    opType,
    since,
    attributes: { axes: ints(), keepdims: int(1), noop_with_empty_axes: int(0) },
    roles: { 1: "constant" },
    import: ({ opset, attributes: { axes, keepdims, noop_with_empty_axes }, reject }) => {
      if (axes && opset >= asInput) reject(`axes are an input from operator set ${asInput} on`);
      return (inputs) => {
        const given = (inputs.has(1) ? inputs.numbers(1) : axes) ?? [];
        const all = given.length === 0 && noop_with_empty_axes === 0;
        const options = { ...(!all && { axes: given }), keepDims: keepdims === 1 };
        const x = inputs.value(0);
        // Integers beyond int32 are exact in float64.
        const known =
          isConstant(x) &&
          x.data.length > 0 &&
          folds([x], x.data.length) &&
          evaluate(
            () => fn(tensor(Float64Array.from(x.data), x.dims), options),
            () => x.dtype,
          );
        return known || fn(toTensor(x), options);
      };
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

/** A reduction of floats; integers are reduced as such, and the fraction of what comes out is dropped. */
export function reduceFloats(fn: Reduce): Reduce {
  return (x, options) => (isFloat(x.dtype) ? fn(x, options) : cast(fn(cast(x, "float32"), options), x.dtype));
}

/** A maximum or minimum that takes bool too, and has a value, `limit`, over nothing. */
export function reduceExtreme(fn: Reduce, limit: number): Reduce {
  return (x, options) => {
    const { dtype } = x;
    if (x.size > 0) return dtype === "bool" ? cast(fn(cast(x, "int32"), options), "bool") : fn(x, options);
    const bounds = { bool: [0, 1], int32: [-(2 ** 31), 2 ** 31 - 1] } as const;
    const value = dtype === "bool" || dtype === "int32" ? bounds[dtype][limit < 0 ? 0 : 1] : limit;
    return full(sum(x, options).shape, value, { dtype });
  };
}
