import { sub } from "@graftjs/tensor";
import { Adam, type AdamOptions, adamStep } from "./adam.ts";
import { decayed, descent } from "./decay.ts";
import type { OptimizerInput, Update } from "./optimizer.ts";

/**
 * {@link Adam} with weight decay that is decoupled from the gradient, by default 0.01:
 * p ← p · (1 - learningRate · weightDecay), before Adam's update.
 *
 * Source: Loshchilov & Hutter 2019, https://arxiv.org/abs/1711.05101;
 * https://pytorch.org/docs/stable/generated/torch.optim.AdamW.html
 *
 * @example
 * ```ts
 * import { AdamW } from "@graftjs/optim";
 * import { square, sum, tensor } from "@graftjs/tensor";
 *
 * const weight = tensor([1, -1], undefined, { requiresGrad: true });
 * const optimizer = new AdamW([weight], { learningRate: 0.1, weightDecay: 0.1 });
 * sum(square(weight)).backward();
 * optimizer.step();
 * console.log(weight.toNested()); // [0.8900, -0.8900]
 * ```
 */
export class AdamW extends Adam {
  constructor(input: OptimizerInput<AdamOptions>, options: Partial<AdamOptions> = {}) {
    super(input, { weightDecay: 0.01, ...options });
  }

  protected override update(update: Update<AdamOptions>): void {
    const { parameter, rate, options } = update;
    const direction = descent(update, { ...options, weightDecay: 0 });
    parameter.assign(sub(decayed(parameter, rate, options.weightDecay), adamStep(direction, update)));
  }
}
