import type { Schedule } from "./schedule.ts";

/** Options of {@link cosine}. */
export interface CosineOptions {
  /** Steps from the base rate down to the minimum. */
  readonly steps: number;
  /** Default 0. */
  readonly minimum?: number;
}

/**
 * minimum + (base - minimum) · (1 + cos(π · step / steps)) / 2; after `steps` it rises again, as in PyTorch.
 * Source: Loshchilov & Hutter 2017, https://arxiv.org/abs/1608.03983;
 * https://pytorch.org/docs/stable/generated/torch.optim.lr_scheduler.CosineAnnealingLR.html
 *
 * @example
 * ```ts
 * import { cosine } from "@graftjs/optim";
 *
 * const rate = cosine({ steps: 4 });
 * console.log([0, 1, 2, 3, 4].map((step) => rate(step, 1))); // [1, 0.8536, 0.5, 0.1464, 0]
 * ```
 */
export function cosine({ steps, minimum = 0 }: CosineOptions): Schedule {
  return (step, base) => minimum + ((base - minimum) * (1 + Math.cos((Math.PI * step) / steps))) / 2;
}
