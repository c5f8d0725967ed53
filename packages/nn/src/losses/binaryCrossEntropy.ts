import { ArgumentError, add, lessEqual, log, mul, neg, runtime, sub, type Tensor, where } from "@graftjs/tensor";
import { Module } from "../module.ts";
import { checkSameShape, type LossOptions, reduce } from "./reduction.ts";

/** Options of {@link binaryCrossEntropy} and {@link BCELoss}. */
export interface BCELossOptions extends LossOptions {
  /** Factors that broadcast with the losses. */
  readonly weight?: Tensor;
}

/** The steepest slope that PyTorch gives a logarithm. */
const STEEPEST = 1e12;

/** ln x, but not less than -100; where it is cut off, the slope is {@link STEEPEST}: a wrong certainty is to be left. */
function boundedLog(x: Tensor): Tensor {
  const tiny = lessEqual(x, Math.exp(-100));
  return where(tiny, sub(mul(x, STEEPEST), 100), log(where(tiny, 1, x)));
}

/**
 * -(target · ln input + (1 - target) · ln(1 - input)), by default averaged over all elements; logarithms are not less
 * than -100. Input and target are probabilities in [0, 1] of one shape. {@link binaryCrossEntropyWithLogits} is more exact.
 * @throws {ShapeError} unless both have one shape. @throws {ArgumentError} if a value is outside of [0, 1] (only outside of
 * compiled functions, where values are known).
 * Source: https://pytorch.org/docs/stable/generated/torch.nn.functional.binary_cross_entropy.html
 *
 * @example
 * ```ts
 * import { binaryCrossEntropy } from "@graftjs/nn";
 * import { tensor } from "@graftjs/tensor";
 *
 * console.log(binaryCrossEntropy(tensor([0.9, 0.2]), tensor([1, 0])).item()); // 0.1643
 * ```
 */
export function binaryCrossEntropy(input: Tensor, target: Tensor, options: BCELossOptions = {}): Tensor {
  checkSameShape("binaryCrossEntropy", input, target);
  for (const x of [input, target]) checkProbabilities(x);
  const [yes, no] = [mul(target, boundedLog(input)), mul(sub(1, target), boundedLog(sub(1, input)))];
  const losses = neg(add(yes, no));
  const { weight, reduction } = options;
  return reduce("binaryCrossEntropy", weight ? mul(losses, weight) : losses, reduction);
}

/** @throws {ArgumentError} for what is no probability. Only looks at what lies in memory. */
function checkProbabilities(x: Tensor): void {
  if (runtime().tracer || x.storage.buffer) return;
  const wrong = x.storage.host().find((v) => v < 0 || v > 1);
  if (wrong !== undefined) {
    throw new ArgumentError({
      op: "binaryCrossEntropy",
      expected: "probabilities in [0, 1]",
      got: String(wrong),
      help: "For logits there is binaryCrossEntropyWithLogits.",
    });
  }
}

/**
 * {@link binaryCrossEntropy} as a module.
 *
 * @example
 * ```ts
 * import { BCELoss } from "@graftjs/nn";
 * import { tensor } from "@graftjs/tensor";
 *
 * console.log(new BCELoss({ reduction: "sum" }).forward(tensor([0.9, 0.2]), tensor([1, 0])).item()); // 0.3285
 * ```
 */
export class BCELoss extends Module<readonly [input: Tensor, target: Tensor]> {
  readonly options: BCELossOptions;

  constructor(options: BCELossOptions = {}) {
    super();
    this.options = options;
  }

  forward(input: Tensor, target: Tensor): Tensor {
    return binaryCrossEntropy(input, target, this.options);
  }
}
