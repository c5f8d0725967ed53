import { type KernelAttrs, normalizeAxis, numel, reshape, type Tensor } from "@graftjs/tensor";
import { defineOperator, type ExportContext, int, type Operator } from "../operator.ts";

/**
 * From version 13 on along one axis, by default the last; before, over all axes from `axis` (default 1) on, taken as one.
 */
export function softmaxLike(
  opType: string,
  fn: (x: Tensor, axis: number) => Tensor,
  op?: "softmax" | "logSoftmax",
): Operator {
  return defineOperator({
    opType,
    since: [1, 11, 13],
    attributes: { axis: int(undefined) },
    ...(op && {
      exports: {
        [op]: ({ op: { attrs, inputs }, opset, emit, input, reject }: ExportContext) => {
          const { axis } = attrs as KernelAttrs["softmax"];
          if (opset < 13 && axis !== (inputs[0]?.spec.shape.length ?? 0) - 1)
            reject("an axis that is not the last, below operator set 13");
          emit(opType, [input(0)], { axis: { type: "int", value: axis } });
        },
      },
    }),
    import:
      ({ opset, attributes }) =>
      (inputs) => {
        const x = inputs.tensor(0);
        const axis = normalizeAxis(opType, attributes.axis ?? (opset < 13 ? 1 : -1), x.rank);
        if (opset >= 13 || axis === x.rank - 1) return fn(x, axis);
        return reshape(fn(reshape(x, [numel(x.shape.slice(0, axis)), -1]), 1), x.shape);
      },
  });
}
