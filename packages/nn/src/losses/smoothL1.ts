import { ArgumentError, mul, type Tensor } from "@graftjs/tensor";
import { Module } from "../module.ts";
import { huberLoss } from "./huber.ts";
import { l1Loss } from "./l1.ts";
import type { LossOptions } from "./reduction.ts";

/** Options of {@link smoothL1Loss} and {@link SmoothL1Loss}. */
export interface SmoothL1LossOptions extends LossOptions {
  /** Where the loss goes over from square to linear, >= 0; with 0 it is {@link l1Loss}. Default 1. */
  readonly beta?: number;
}

/**
 * With d = |input - target|: d² / (2 · beta) where d < beta, d - beta / 2 elsewhere; by default averaged.
 * @throws {ShapeError} unless both have one shape. @throws {ArgumentError} if beta < 0.
 * Source: https://pytorch.org/docs/stable/generated/torch.nn.functional.smooth_l1_loss.html
 *
 * @example
 * ```ts
 * import { smoothL1Loss } from "@graftjs/nn";
 * import { tensor } from "@graftjs/tensor";
 *
 * console.log(smoothL1Loss(tensor([0, 0]), tensor([0.5, 3]), { beta: 0.5, reduction: "none" }).toNested()); // [0.25, 2.75]
 * ```
 */
export function smoothL1Loss(input: Tensor, target: Tensor, options: SmoothL1LossOptions = {}): Tensor {
  const { beta = 1, ...rest } = options;
  if (!(beta >= 0)) throw new ArgumentError({ op: "smoothL1Loss", expected: "beta >= 0", got: String(beta) });
  return beta === 0 ? l1Loss(input, target, rest) : mul(huberLoss(input, target, { delta: beta, ...rest }), 1 / beta);
}

/**
 * {@link smoothL1Loss} as a module.
 *
 * @example
 * ```ts
 * import { SmoothL1Loss } from "@graftjs/nn";
 * import { tensor } from "@graftjs/tensor";
 *
 * console.log(new SmoothL1Loss({ beta: 0.5 }).forward(tensor([0]), tensor([3])).item()); // 2.75
 * ```
 */
export class SmoothL1Loss extends Module<readonly [input: Tensor, target: Tensor]> {
  readonly options: SmoothL1LossOptions;

  constructor(options: SmoothL1LossOptions = {}) {
    super();
    this.options = options;
  }

  forward(input: Tensor, target: Tensor): Tensor {
    return smoothL1Loss(input, target, this.options);
  }
}
