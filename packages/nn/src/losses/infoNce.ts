import {
  ArgumentError,
  add,
  arange,
  concat,
  formatShape,
  matmul,
  mul,
  ShapeError,
  sum,
  type Tensor,
  transpose,
  zeros,
} from "@graftjs/tensor";
import { Module } from "../module.ts";
import { crossEntropy } from "./crossEntropy.ts";
import { normalized } from "./distance.ts";
import { checkSameShape, type LossOptions } from "./reduction.ts";

/** Options of {@link infoNceLoss} and {@link InfoNCELoss}. */
export interface InfoNCELossOptions extends LossOptions {
  /** What cosines are divided by, > 0. Default 0.07. */
  readonly temperature?: number;
  /** Embeddings [M, D] that no query belongs to. Default: the keys of the other queries. */
  readonly negatives?: Tensor;
  /** Whether queries are also looked for by keys, and both costs averaged, as in CLIP. Default `false`. */
  readonly symmetric?: boolean;
}

/**
 * The cost of finding, by cosine, for each query its key among all keys of the batch: cross-entropy of
 * cos(queryᵢ, keyⱼ) / temperature with the targets j = i; with `negatives`, of a key among itself and those.
 * `query` and `key` [N, D]; they are normalised here.
 * @throws {ShapeError} unless they fit. @throws {ArgumentError} unless temperature > 0, and for symmetric with negatives.
 * Source: van den Oord et al. 2018, https://arxiv.org/abs/1807.03748; symmetric: Radford et al. 2021, https://arxiv.org/abs/2103.00020
 *
 * @example
 * ```ts
 * import { infoNceLoss } from "@graftjs/nn";
 * import { tensor } from "@graftjs/tensor";
 *
 * const pairs = tensor([[1, 0], [0, 1]]);
 * console.log(infoNceLoss(pairs, pairs, { temperature: 1 }).item()); // 0.3133
 * ```
 */
export function infoNceLoss(query: Tensor, key: Tensor, options: InfoNCELossOptions = {}): Tensor {
  const { temperature = 0.07, negatives, symmetric = false, reduction = "mean" } = options;
  checkSameShape("infoNceLoss", query, key);
  const [samples, width] = query.shape;
  if (samples === undefined || query.rank !== 2 || (negatives && negatives.shape[1] !== width)) {
    throw new ShapeError({
      op: "infoNceLoss",
      expected: "queries and keys [N, D], and negatives [M, D]",
      got: [query, key, ...(negatives ? [negatives] : [])].map((t) => formatShape(t.shape)).join(", "),
    });
  }
  if (!(temperature > 0)) {
    throw new ArgumentError({ op: "infoNceLoss", expected: "temperature > 0", got: String(temperature) });
  }
  if (symmetric && negatives) {
    throw new ArgumentError({ op: "infoNceLoss", expected: "symmetric, or negatives", got: "both" });
  }
  const unit = (x: Tensor): Tensor => normalized(x, 1, 1e-12);
  const [q, k] = [unit(query), unit(key)];
  if (negatives) {
    const own = sum(mul(q, k), { axes: 1, keepDims: true });
    const scores = concat([own, matmul(q, unit(negatives), { transposeB: true })], 1);
    return crossEntropy(mul(scores, 1 / temperature), zeros([samples], { dtype: "int32" }), { reduction });
  }
  const scores = mul(matmul(q, k, { transposeB: true }), 1 / temperature);
  const targets = arange(0, samples);
  const loss = crossEntropy(scores, targets, { reduction });
  return symmetric ? mul(add(loss, crossEntropy(transpose(scores, 0, 1), targets, { reduction })), 0.5) : loss;
}

/**
 * {@link infoNceLoss} as a module.
 *
 * @example
 * ```ts
 * import { InfoNCELoss } from "@graftjs/nn";
 * import { tensor } from "@graftjs/tensor";
 *
 * const pairs = tensor([[1, 0], [0, 1]]);
 * console.log(new InfoNCELoss({ temperature: 1 }).forward(pairs, pairs).item()); // 0.3133
 * ```
 */
export class InfoNCELoss extends Module<readonly [query: Tensor, key: Tensor]> {
  readonly options: InfoNCELossOptions;

  constructor(options: InfoNCELossOptions = {}) {
    super();
    this.options = options;
  }

  forward(query: Tensor, key: Tensor): Tensor {
    return infoNceLoss(query, key, this.options);
  }
}
