import { mul, neg, sub, type Tensor } from "@graftjs/tensor";
import { Adam, type AdamOptions, adamStep } from "./adam.ts";
import type { OptimizerInput, ParameterState } from "./optimizer.ts";

/**
 * {@link Adam} with weight decay that is decoupled from the gradient, by default 0.01:
 * p ← p · (1 - learningRate · weightDecay), before Adam's update.
 *
 * Source: Loshchilov & Hutter 2019, https://arxiv.org/abs/1711.05101;
 * https://pytorch.org/docs/stable/generated/torch.optim.AdamW.html
 */
export class AdamW extends Adam {
  constructor(input: OptimizerInput<AdamOptions>, options: Partial<AdamOptions> = {}) {
    super(input, { weightDecay: 0.01, ...options });
  }

  protected override update(
    parameter: Tensor,
    grad: Tensor,
    state: ParameterState,
    rate: Tensor,
    options: Omit<AdamOptions, "learningRate">,
  ): void {
    const { weightDecay, maximize } = options;
    const decayed = weightDecay === 0 ? parameter : sub(parameter, mul(parameter, mul(rate, weightDecay)));
    parameter.assign(sub(decayed, adamStep(maximize ? neg(grad) : grad, state, rate, options)));
  }
}
