import { gather, type KernelAttrs, normalizeAxis } from "@graftjs/tensor";
import { defineOperator, int, type Operator } from "../operator.ts";
import { foldable } from "./foldable.ts";
import { wrapIndices } from "./indices.ts";

/** Indices below zero count from the end. https://onnx.ai/onnx/operators/onnx__GatherElements.html */
export const gatherElementsOperator: Operator = defineOperator({
  opType: "GatherElements",
  since: [11, 13],
  attributes: { axis: int(0) },
  exports: {
    gather: ({ op, opset, emit, input, reject }) => {
      if (opset < 11) reject("GatherElements exists from operator set 11 on");
      const { axis } = op.attrs as KernelAttrs["gather"];
      emit("GatherElements", [input(0), input(1)], { axis: { type: "int", value: axis } });
    },
  },
  import: ({ attributes: { axis } }) =>
    foldable((inputs) => {
      const x = inputs.tensor(0);
      const at = normalizeAxis("GatherElements", axis, x.rank);
      return gather(x, wrapIndices(inputs.value(1), x.shape[at] as number), at);
    }),
});
