import { cast, full, isFloat, type ReduceAttrs, type ReduceOptions, sum, type Tensor, tensor } from "@graftjs/tensor";
import { folds, isConstant, rangeOf, toTensor } from "../constant.ts";
import { defineOperator, type ExportContext, type ExportRule, int, ints, type Operator } from "../operator.ts";
import type { OnnxDType } from "../tensorData.ts";
import { evaluate } from "./foldable.ts";

/** What a reduction computes over axes, none where the list is empty, of elements that the file holds as `dtype`. */
export type Reduce = (x: Tensor, options: ReduceOptions, dtype: OnnxDType) => Tensor;

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
          folds([x], x.data.length) &&
          evaluate(
            () => fn(tensor(Float64Array.from(x.data), x.dims), options, x.dtype),
            () => x.dtype,
          );
        if (known) return known;
        const data = toTensor(x);
        return fn(data, options, data.dtype);
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
  return (x, options, dtype) =>
    isFloat(x.dtype) ? fn(x, options, dtype) : cast(fn(cast(x, "float32"), options, dtype), x.dtype);
}

/** A maximum or minimum that takes bool too, and over nothing is the smallest or largest element of the type: `range` tells which. */
export function reduceExtreme(fn: Reduce, range: 0 | 1): Reduce {
  return (x, options, dtype) => {
    if (x.size === 0) return full(sum(x, options).shape, rangeOf(dtype)[range], { dtype: x.dtype });
    return x.dtype === "bool" ? cast(fn(cast(x, "int32"), options, dtype), "bool") : fn(x, options, dtype);
  };
}
