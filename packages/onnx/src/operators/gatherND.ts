import { add, arange, indexSelect, mul, numel, reshape } from "@graftjs/tensor";
import { defineOperator, int, type Operator } from "../operator.ts";
import { foldable } from "./foldable.ts";
import { flatIndices } from "./indices.ts";

/**
 * The slices that tuples of indices name, along the axes that follow `batch_dims` axes shared by both. Indices below zero count
 * from the end. https://onnx.ai/onnx/operators/onnx__GatherND.html
 */
export const gatherNDOperator: Operator = defineOperator({
  opType: "GatherND",
  since: [11, 12, 13],
  attributes: { batch_dims: int(0) },
  import: ({ attributes: { batch_dims } }) =>
    foldable((inputs) => {
      const x = inputs.tensor(0);
      const depth = batch_dims + (inputs.shape(1).at(-1) ?? 0);
      const [batch, indexed, slice] = [
        x.shape.slice(0, batch_dims),
        x.shape.slice(batch_dims, depth),
        x.shape.slice(depth),
      ];
      const [samples, places] = [numel(batch), numel(indexed)];
      const within = flatIndices(inputs.value(1), indexed);
      const starts = mul(arange(samples), places);
      const tuples = numel(within.shape.slice(batch_dims));
      const flat = add(reshape(within, [samples, tuples]), reshape(starts, [samples, 1]));
      const rows = reshape(x, [samples * places, ...slice]);
      return reshape(indexSelect(rows, reshape(flat, [flat.size])), [...within.shape, ...slice]);
    }),
});
