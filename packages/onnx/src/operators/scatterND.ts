import { expand, numel, reshape } from "@graftjs/tensor";
import { defineOperator, type Operator, string } from "../operator.ts";
import { foldable } from "./foldable.ts";
import { flatIndices } from "./indices.ts";
import { scatterOf } from "./scatterReduction.ts";

/**
 * Slices in place of, or combined with, those that tuples of indices name along the first axes. Indices below zero count from
 * the end; of equal ones without a reduction the last counts. https://onnx.ai/onnx/operators/onnx__ScatterND.html
 */
export const scatterNDOperator: Operator = defineOperator({
  opType: "ScatterND",
  since: [11, 13, 16, 18],
  attributes: { reduction: string("none") },
  import: ({ attributes: { reduction }, reject }) => {
    const scatter = scatterOf(reduction, reject);
    return foldable((inputs) => {
      const x = inputs.tensor(0);
      const depth = inputs.shape(1).at(-1) ?? 0;
      const [indexed, slice] = [x.shape.slice(0, depth), numel(x.shape.slice(depth))];
      const places = flatIndices(inputs.value(1), indexed);
      const rows = [places.size, slice] as const;
      const indices = expand(reshape(places, [places.size, 1]), rows);
      const flat = reshape(x, [numel(indexed), slice]);
      return reshape(scatter(flat, indices, reshape(inputs.tensor(2), rows), 0), x.shape);
    });
  },
});
