import { indexSelect, type KernelAttrs, normalizeAxis, numel, reshape } from "@graftjs/tensor";
import { fewEnough, isConstant, selectConstants, toTensor } from "../constant.ts";
import { defineOperator, int, type Operator } from "../operator.ts";
import { wrapIndices } from "./indices.ts";

/** Indices below zero count from the end. https://onnx.ai/onnx/operators/onnx__Gather.html */
export const gatherOperator: Operator = defineOperator({
  opType: "Gather",
  since: [1, 11, 13],
  attributes: { axis: int(0) },
  exports: {
    indexSelect: ({ op, emit, input }) => {
      const { axis } = op.attrs as KernelAttrs["indexSelect"];
      emit("Gather", [input(0), input(1)], { axis: { type: "int", value: axis } });
    },
  },
  import:
    ({ attributes: { axis } }) =>
    (inputs) => {
      const [data, indices] = [inputs.value(0), inputs.value(1)];
      const [shape, at] = [inputs.shape(0), inputs.shape(1)];
      const axisAt = normalizeAxis("Gather", axis, shape.length);
      const size = shape[axisAt] as number;
      if (isConstant(indices)) {
        const places = Array.from(indices.data, (i) => (i < 0 ? i + size : i));
        const made = places.length * numel(shape.toSpliced(axisAt, 1));
        if (isConstant(data) && fewEnough(made)) return selectConstants(data, places, axisAt, at);
      }
      const flat = reshape(wrapIndices(indices, size), [-1]);
      const picked = indexSelect(toTensor(data), flat, axisAt);
      return reshape(picked, [...shape.slice(0, axisAt), ...at, ...shape.slice(axisAt + 1)]);
    },
});
