import { ArgumentError, exp, log, mul, notEqual, sub, sum, type Tensor, where } from "@graftjs/tensor";
import { Module } from "../module.ts";
import { checkSameShape, type Reduction, reduce } from "./reduction.ts";

/** Options of {@link klDiv} and {@link KLDivLoss}. */
export interface KLDivLossOptions {
  /** `batchmean`: the sum divided by the size of the first axis, the divergence in the mathematical sense. Default `mean`. */
  readonly reduction?: Reduction | "batchmean";
  /** Whether the target holds logarithms too. Default `false`. */
  readonly logTarget?: boolean;
}

/**
 * Kullback-Leibler divergence of log-probabilities `input` from probabilities `target`: target · (ln target - input),
 * 0 where the target is 0, also for an input of -Infinity (PyTorch: NaN).
 * @throws {ShapeError} unless both have one shape. @throws {ArgumentError} for `batchmean` of a scalar.
 * Source: https://pytorch.org/docs/stable/generated/torch.nn.functional.kl_div.html
 *
 * @example
 * ```ts
 * import { klDiv } from "@graftjs/nn";
 * import { log, tensor } from "@graftjs/tensor";
 *
 * console.log(klDiv(log(tensor([0.5, 0.5])), tensor([0.25, 0.75]), { reduction: "sum" }).item()); // 0.1308
 * ```
 */
export function klDiv(input: Tensor, target: Tensor, options: KLDivLossOptions = {}): Tensor {
  const { reduction, logTarget = false } = options;
  checkSameShape("klDiv", input, target);
  const losses = logTarget ? mul(exp(target), sub(target, input)) : divergence(input, target);
  if (reduction !== "batchmean") return reduce("klDiv", losses, reduction);
  const [batch] = input.shape;
  if (!batch)
    throw new ArgumentError({ op: "klDiv", expected: "at least one sample for batchmean", got: String(batch) });
  return mul(sum(losses), 1 / batch);
}

function divergence(input: Tensor, target: Tensor): Tensor {
  const holds = notEqual(target, 0);
  // Where the target is 0, the logarithm is that of 1, so that its gradient stays finite.
  return where(holds, mul(target, sub(log(where(holds, target, 1)), input)), 0);
}

/**
 * {@link klDiv} as a module.
 *
 * @example
 * ```ts
 * import { KLDivLoss } from "@graftjs/nn";
 * import { log, tensor } from "@graftjs/tensor";
 *
 * const loss = new KLDivLoss({ reduction: "batchmean" });
 * console.log(loss.forward(log(tensor([[0.5, 0.5]])), tensor([[0.25, 0.75]])).item()); // 0.1308
 * ```
 */
export class KLDivLoss extends Module<readonly [input: Tensor, target: Tensor]> {
  readonly options: KLDivLossOptions;

  constructor(options: KLDivLossOptions = {}) {
    super();
    this.options = options;
  }

  forward(input: Tensor, target: Tensor): Tensor {
    return klDiv(input, target, this.options);
  }
}
