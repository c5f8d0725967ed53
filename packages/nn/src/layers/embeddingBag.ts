import {
  ArgumentError,
  cast,
  div,
  equalShapes,
  formatShape,
  logicalNot,
  max,
  maximum,
  mean,
  mul,
  ShapeError,
  sum,
  type Tensor,
  unsqueeze,
  where,
} from "@graftjs/tensor";
import { Module } from "../module.ts";
import type { Parameter } from "../parameter.ts";
import { type EmbeddingOptions, isPadding, lookUp, table } from "./embedding.ts";

/** Options of {@link EmbeddingBag}. */
export interface EmbeddingBagOptions extends Pick<EmbeddingOptions, "generator" | "initialize" | "paddingIdx"> {
  /** What becomes of the rows of a bag. Default `mean`. */
  readonly mode?: "sum" | "mean" | "max";
}

/**
 * Sums, means or maxima of rows of a table by int32 index: bags [B, N] to [B, size]. `weight` [count, size] is at first
 * drawn from N(0, 1). Rows of `paddingIdx` do not count; a bag of nothing else gives 0.
 *
 * Differs from PyTorch: bags have one length, filled up with `paddingIdx`, instead of `offsets` into a flat list.
 * @throws {ArgumentError} for another mode, or weights of samples unless the mode is `sum`.
 * @throws {ShapeError} unless the indices are [B, N]. @throws {DTypeError} if they are not int32.
 * Source: https://pytorch.org/docs/stable/generated/torch.nn.EmbeddingBag.html
 *
 * @example
 * ```ts
 * import { EmbeddingBag } from "@graftjs/nn";
 * import { tensor } from "@graftjs/tensor";
 *
 * const layer = new EmbeddingBag(10, 4, { mode: "mean" });
 * console.log(layer.forward(tensor([[3, 7], [1, 1]], undefined, { dtype: "int32" })).shape); // [2, 4]
 * ```
 */
export class EmbeddingBag extends Module<readonly [indices: Tensor, perSampleWeights?: Tensor]> {
  readonly weight: Parameter;
  readonly paddingIdx: number | null;
  readonly mode: "sum" | "mean" | "max";

  constructor(count: number, size: number, options: EmbeddingBagOptions = {}) {
    super();
    const { mode = "mean" } = options;
    if (!["sum", "mean", "max"].includes(mode)) {
      throw new ArgumentError({ op: "EmbeddingBag", expected: "mode sum, mean or max", got: String(mode) });
    }
    const { weight, paddingIdx } = table("EmbeddingBag", count, size, options);
    this.weight = weight;
    this.paddingIdx = paddingIdx;
    this.mode = mode;
  }

  /** @param perSampleWeights [B, N], which multiply the rows before they are summed. */
  forward(indices: Tensor, perSampleWeights?: Tensor): Tensor {
    if (indices.rank !== 2) {
      throw new ShapeError({ op: "EmbeddingBag", expected: "indices [B, N]", got: formatShape(indices.shape) });
    }
    const rows = this.#weighted(lookUp(this.weight, indices), perSampleWeights);
    const over = { axes: 1 };
    if (this.paddingIdx === null) {
      return this.mode === "sum" ? sum(rows, over) : this.mode === "mean" ? mean(rows, over) : max(rows, over);
    }
    const padding = isPadding(indices, this.paddingIdx);
    const counted = sum(cast(logicalNot(padding), rows.dtype), over);
    if (this.mode === "max") {
      const filled = where(padding, Number.NEGATIVE_INFINITY, rows);
      return where(cast(counted, "bool"), max(filled, over), 0);
    }
    const total = sum(where(padding, 0, rows), over);
    return this.mode === "sum" ? total : div(total, maximum(counted, 1));
  }

  #weighted(rows: Tensor, weights: Tensor | undefined): Tensor {
    if (!weights) return rows;
    if (this.mode !== "sum") {
      throw new ArgumentError({ op: "EmbeddingBag", expected: "mode sum with weights of samples", got: this.mode });
    }
    if (!equalShapes(weights.shape, rows.shape.slice(0, 2))) {
      throw new ShapeError({
        op: "EmbeddingBag",
        expected: `weights of samples of shape ${formatShape(rows.shape.slice(0, 2))}`,
        got: formatShape(weights.shape),
      });
    }
    return mul(rows, unsqueeze(weights, -1));
  }
}
