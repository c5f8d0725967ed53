import { type AnyModule, isModule } from "@graftjs/nn";
import { add, mul, noGrad, sub, type Tensor, tensor } from "@graftjs/tensor";

export interface AverageOptions {
  /** Share of the average that stays at each update, in [0, 1]. Default 0.999. */
  readonly decay?: number;
}

/**
 * An exponential moving average of weights: average ← decay · average + (1 - decay) · weight, starting at the weights
 * themselves. Of a module, all parameters and buffers are averaged.
 *
 * Source: Polyak & Juditsky 1992; `get_ema_multi_avg_fn` of https://pytorch.org/docs/stable/optim.html#weight-averaging-swa-and-ema
 */
export class ExponentialMovingAverage {
  readonly decay: number;
  readonly #averages: ReadonlyMap<Tensor, Tensor>;

  constructor(source: AnyModule | Iterable<Tensor>, options: AverageOptions = {}) {
    this.decay = options.decay ?? 0.999;
    const tensors: Iterable<Tensor> = isModule(source) ? [...source.parameters(), ...source.buffers()] : source;
    this.#averages = new Map(Array.from(tensors, (t) => [t, tensor(t.toArray(), t.shape)] as const));
  }

  /** The averages, in the order of what they are averages of. */
  get tensors(): Tensor[] {
    return [...this.#averages.values()];
  }

  /** Takes the weights up as they are now; after `optimizer.step()`, eagerly or inside of the same compiled function. */
  update(): void {
    noGrad(() => {
      for (const [weight, average] of this.#averages) {
        // In this form, the average of a weight that is frozen stays equal to it.
        average.assign(add(average, mul(sub(weight, average), 1 - this.decay)));
      }
    });
  }

  /** Exchanges weights and averages: once to evaluate with the averages, once more to train on. */
  swap(): void {
    for (const [weight, average] of this.#averages) {
      const values = weight.toArray();
      weight.assign(average);
      average.assign(values);
    }
  }
}
