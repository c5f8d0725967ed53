import {
  arange,
  expand,
  formatShape,
  gather,
  greaterEqual,
  less,
  logicalAnd,
  maximum,
  minimum,
  normalizeAxis,
  remainder,
  reshape,
  ShapeError,
  sub,
  where,
  zeros,
} from "@graftjs/tensor";
import { defineOperator, int, type Operator, string } from "../operator.ts";

/**
 * A cache [N, ..., size, ...] with `update`, which is shorter along `axis`, written over it: sample n from place
 * `write_indices[n]` on, beyond the end not at all, or, if circular, from the start on.
 * https://onnx.ai/onnx/operators/onnx__TensorScatter.html
 */
export const tensorScatterOperator: Operator = defineOperator({
  opType: "TensorScatter",
  since: [24],
  attributes: { axis: int(-2), mode: string("linear") },
  import: ({ attributes: { axis, mode }, reject }) => {
    if (mode !== "linear" && mode !== "circular") reject(`mode "${mode}"`);
    return (inputs) => {
      const [cache, update] = [inputs.tensor(0), inputs.tensor(1)];
      const at = normalizeAxis("TensorScatter", axis, cache.rank);
      const [size, length] = [cache.shape[at] as number, update.shape[at] as number];
      if (update.rank !== cache.rank || at === 0 || length > size || length === 0) {
        const expected = `an update of as many axes, with 1 to ${size} entries along an axis that is not the batch's`;
        throw new ShapeError({ op: "TensorScatter", expected, got: `${formatShape(update.shape)}, axis ${at}` });
      }
      const along = (n: number, i: number): number[] => cache.shape.map((_, k) => (k === i ? n : 1));
      const start = inputs.has(2) ? inputs.tensor(2) : zeros([1], { dtype: "int32" });
      // For each place of the cache, the place of the update that is written there.
      const apart = sub(reshape(arange(0, size), along(size, at)), reshape(start, along(start.size, 0)));
      const source = mode === "circular" ? remainder(apart, size) : apart;
      const written = logicalAnd(greaterEqual(source, 0), less(source, length));
      const clipped = minimum(maximum(source, 0), length - 1);
      return where(written, gather(update, expand(clipped, cache.shape), at), cache);
    };
  },
});
