import { type ArgExtremeAttrs, type ArgExtremeOptions, flip, normalizeAxis, sub, type Tensor } from "@graftjs/tensor";
import { defineOperator, type ExportContext, int, type Operator } from "../operator.ts";
import { castTo } from "./cast.ts";
import { foldable } from "./foldable.ts";

/** The index of the largest or smallest element along an axis; of equal ones the first, or, from version 12 on, the last. */
export function argExtreme(
  opType: string,
  fn: (x: Tensor, axis: number, options: ArgExtremeOptions) => Tensor,
  op: "argmax" | "argmin",
): Operator {
  return defineOperator({
    opType,
    since: [1, 11, 12, 13],
    attributes: { axis: int(0), keepdims: int(1), select_last_index: int(0) },
    exports: {
      [op]: (context: ExportContext) => {
        const { axis } = context.op.attrs as ArgExtremeAttrs;
        const attributes = { axis: { type: "int", value: axis }, keepdims: { type: "int", value: 0 } } as const;
        castTo("int32", context, context.emit(opType, [context.input(0)], attributes, context.fresh()));
      },
    },
    import: ({ attributes: { axis, keepdims, select_last_index } }) =>
      foldable(
        (inputs) => {
          const x = inputs.tensor(0);
          const at = normalizeAxis(opType, axis, x.rank);
          const options = { keepDims: keepdims === 1 };
          if (select_last_index === 0) return fn(x, at, options);
          return sub((x.shape[at] as number) - 1, fn(flip(x, [at]), at, options));
        },
        ["int64"],
      ),
  });
}
