import { cosine } from "./cosine.ts";
import type { Schedule } from "./schedule.ts";

/** Options of {@link warmupCosine}, {@link warmupLinear} and {@link warmupConstant}. */
export interface WarmupOptions {
  /** Steps from 0 up to the base rate. */
  readonly warmup: number;
  /** All steps, the warm-up's among them. */
  readonly steps: number;
  /** What the cosine ends in. Default 0. */
  readonly minimum?: number;
}

/**
 * base · step / warmup, then half a cosine from base down to the minimum, which it then keeps.
 * Source: `get_cosine_schedule_with_warmup` of Hugging Face Transformers,
 * https://huggingface.co/docs/transformers/main_classes/optimizer_schedules
 *
 * @example
 * ```ts
 * import { warmupCosine } from "@graftjs/optim";
 *
 * const rate = warmupCosine({ warmup: 2, steps: 6 });
 * console.log([0, 1, 2, 4, 6].map((step) => rate(step, 1))); // [0, 0.5, 1, 0.5, 0]
 * ```
 */
export function warmupCosine({ warmup, steps, minimum = 0 }: WarmupOptions): Schedule {
  const descent = Math.max(1, steps - warmup);
  const descend = cosine({ steps: descent, minimum });
  return (step, base) => (step < warmup ? (base * step) / warmup : descend(Math.min(step - warmup, descent), base));
}

/**
 * base · step / warmup, then along a line down to 0, which it then keeps.
 * Source: `get_linear_schedule_with_warmup` of Hugging Face Transformers,
 * https://huggingface.co/docs/transformers/main_classes/optimizer_schedules
 *
 * @example
 * ```ts
 * import { warmupLinear } from "@graftjs/optim";
 *
 * const rate = warmupLinear({ warmup: 2, steps: 4 });
 * console.log([0, 1, 2, 3, 4].map((step) => rate(step, 1))); // [0, 0.5, 1, 0.5, 0]
 * ```
 */
export function warmupLinear({ warmup, steps }: Omit<WarmupOptions, "minimum">): Schedule {
  const descent = Math.max(1, steps - warmup);
  return (step, base) => (step < warmup ? (base * step) / warmup : base * Math.max(0, (steps - step) / descent));
}

/**
 * base · step / warmup, then base.
 * Source: `get_constant_schedule_with_warmup` of Hugging Face Transformers,
 * https://huggingface.co/docs/transformers/main_classes/optimizer_schedules
 *
 * @example
 * ```ts
 * import { warmupConstant } from "@graftjs/optim";
 *
 * const rate = warmupConstant({ warmup: 2 });
 * console.log([0, 1, 2, 3].map((step) => rate(step, 1))); // [0, 0.5, 1, 1]
 * ```
 */
export function warmupConstant({ warmup }: Pick<WarmupOptions, "warmup">): Schedule {
  return (step, base) => (step < warmup ? (base * step) / warmup : base);
}

/** Options of {@link warmupInverseSqrt}. */
export interface WarmupInverseSqrtOptions extends Pick<WarmupOptions, "warmup"> {
  /** Steps after the warm-up in which the rate falls to base / √2. Default: `warmup`, or 10000 without one. */
  readonly timescale?: number;
}

/**
 * base · step / warmup, then base / √((step - warmup + timescale) / timescale).
 * Source: `get_inverse_sqrt_schedule` of Hugging Face Transformers,
 * https://huggingface.co/docs/transformers/main_classes/optimizer_schedules
 *
 * @example
 * ```ts
 * import { warmupInverseSqrt } from "@graftjs/optim";
 *
 * const rate = warmupInverseSqrt({ warmup: 2, timescale: 2 });
 * console.log([0, 1, 2, 4].map((step) => rate(step, 1))); // [0, 0.5, 1, 0.7071]
 * ```
 */
export function warmupInverseSqrt({ warmup, timescale = warmup || 10_000 }: WarmupInverseSqrtOptions): Schedule {
  return (step, base) =>
    step < warmup ? (base * step) / warmup : base / Math.sqrt((step - warmup + timescale) / timescale);
}
