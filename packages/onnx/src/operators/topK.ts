import { type KernelAttrs, topK } from "@graftjs/tensor";
import { defineOperator, ignored, int, type Operator } from "../operator.ts";
import { castTo } from "./cast.ts";
import { foldable } from "./foldable.ts";

/**
 * The number of elements is an attribute below version 10, an input from there on. Of equal elements the first ones; always sorted.
 * https://onnx.ai/onnx/operators/onnx__TopK.html
 */
export const topKOperator: Operator = defineOperator({
  opType: "TopK",
  since: [1, 10, 11, 24],
  attributes: { axis: int(-1), k: int(undefined), largest: int(1), sorted: ignored() },
  roles: { 1: "constant" },
  exports: {
    sort: (context) => {
      const { op, opset, emitAll, fresh, input, ints, isBatch, reject, result } = context;
      const { axis, descending } = op.attrs as KernelAttrs["sort"];
      const length = op.inputs[0]?.spec.shape[axis] as number;
      if (opset < 11) reject("TopK takes the smallest, and keeps the order of equals, from operator set 11 on");
      if (isBatch(length)) reject("it sorts along the batch");
      const places = fresh();
      emitAll("TopK", [input(0), ints([length])], [result(0), places], {
        axis: { type: "int", value: axis },
        largest: { type: "int", value: Number(descending) },
      });
      castTo("int32", context, places, 1);
    },
  },
  import: ({ attributes: { axis, k, largest } }) =>
    foldable(
      (inputs) => {
        const count = k ?? (inputs.numbers(1)[0] as number);
        const { values, indices } = topK(inputs.tensor(0), count, { axis, largest: largest === 1 });
        return [values, indices];
      },
      [0, "int64"],
    ),
});
