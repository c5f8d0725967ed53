import { type AnyModule, isModule } from "@graftjs/nn";
import {
  ArgumentError,
  add,
  cast,
  div,
  equal,
  equalShapes,
  formatShape,
  isFloat,
  logicalAnd,
  mul,
  sub,
  type Tensor,
  tensor,
  where,
  zeros,
} from "@graftjs/tensor";
import { OptimizerStateError } from "./errors.ts";
import { Programs } from "./programs.ts";

/** Options of {@link StochasticWeightAverage}. */
export interface AveragingOptions {
  /**
   * Whether a module's buffers, such as the running statistics of a normalisation, are averaged too, or copied as they are
   * at each update. Default `average` for {@link ExponentialMovingAverage}, `copy` for {@link StochasticWeightAverage}.
   */
  readonly buffers?: "average" | "copy";
}

/** Averages by name, and what counts them. They share memory with the average. */
export interface AverageState {
  readonly tensors: Readonly<Record<string, Tensor>>;
}

/**
 * The base of averages of weights over training. A subclass says how an average takes a weight up. Of a module, all
 * parameters and buffers are averaged; they start as they are.
 *
 * Source: https://pytorch.org/docs/stable/optim.html#weight-averaging-swa-and-ema
 *
 * @example
 * ```ts
 * import { WeightAverage } from "@graftjs/optim";
 * import { maximum, tensor, type Tensor } from "@graftjs/tensor";
 *
 * class Largest extends WeightAverage {
 *   protected next(average: Tensor, weight: Tensor): Tensor {
 *     return maximum(average, weight);
 *   }
 * }
 * const weight = tensor([1, 5], undefined, { requiresGrad: true });
 * const largest = new Largest([weight], "copy");
 * weight.assign([3, 4]);
 * largest.update();
 * console.log(largest.during(() => weight.toNested())); // [3, 5]
 * ```
 */
export abstract class WeightAverage {
  /** What is averaged, with its average, by name: a module's names, or places in a list. */
  readonly #pairs: ReadonlyMap<string, { readonly weight: Tensor; readonly average: Tensor; readonly copied: boolean }>;
  readonly #updates: Programs = new Programs(() => this.#update());
  readonly #swaps: Programs = new Programs(() => this.#swap());

  constructor(source: AnyModule | Iterable<Tensor>, buffers: "average" | "copy") {
    const parameters: Iterable<readonly [string, Tensor]> = isModule(source)
      ? source.namedParameters()
      : Array.from(source, (t, i) => [String(i), t] as const);
    const others = isModule(source) ? source.namedBuffers() : [];
    const pair = (weight: Tensor, copied: boolean) => ({
      weight,
      average: tensor(weight.toArray(), weight.shape),
      copied: copied || !isFloat(weight.dtype),
    });
    this.#pairs = new Map([
      ...Array.from(parameters, ([name, t]) => [name, pair(t, false)] as const),
      ...Array.from(others, ([name, t]) => [name, pair(t, buffers === "copy")] as const),
    ]);
  }

  /** What the average is after it has taken the weight up. */
  protected abstract next(average: Tensor, weight: Tensor): Tensor;

  /** Called after all averages have taken their weights up. */
  protected counted(): void {}

  /** Further state, by name. */
  protected counters(): Record<string, Tensor> {
    return {};
  }

  /** The averages, in the order of what they are averages of. */
  get tensors(): Tensor[] {
    return Array.from(this.#pairs.values(), (p) => p.average);
  }

  /** Takes the weights up as they are now; after `optimizer.step()`, eagerly or inside of the same compiled function. */
  update(): void {
    this.#updates.run(this.tensors);
  }

  #update(): Tensor[] {
    for (const { weight, average, copied } of this.#pairs.values()) {
      average.assign(copied ? weight : this.next(average, weight));
    }
    this.counted();
    return [];
  }

  /** Exchanges weights and averages: once to evaluate with the averages, once more to train on. */
  swap(): void {
    this.#swaps.run(this.tensors);
  }

  #swap(): Tensor[] {
    for (const { weight, average } of this.#pairs.values()) {
      const before = weight.dtype === "bool" ? logicalAnd(weight, weight) : mul(weight, 1);
      weight.assign(average);
      average.assign(before);
    }
    return [];
  }

  /** Calls `fn` with the averages in the place of the weights, which are back when it is done, or its promise is. */
  during<T>(fn: () => T): T {
    this.swap();
    let pending = false;
    try {
      const result = fn();
      if (result instanceof Promise) {
        pending = true;
        return result.finally(() => this.swap()) as T;
      }
      return result;
    } finally {
      if (!pending) this.swap();
    }
  }

  /** @see AverageState */
  stateDict(): AverageState {
    const averages = Array.from(this.#pairs, ([name, { average }]) => [name, average.detach()] as const);
    const counters = Object.entries(this.counters()).map(([name, value]) => [name, value.detach()] as const);
    return { tensors: Object.fromEntries([...averages, ...counters]) };
  }

  /** Goes on from a saved state; values are copied. @throws {OptimizerStateError} if names or shapes differ. */
  loadStateDict({ tensors }: AverageState): void {
    const own = [
      ...Array.from(this.#pairs, ([name, { average }]) => [name, average] as const),
      ...Object.entries(this.counters()),
    ];
    for (const [name, { shape }] of own) {
      const value = tensors[name];
      if (!value || !equalShapes(value.shape, shape)) {
        throw new OptimizerStateError(
          `loadStateDict: expected an average ${name} of shape ${formatShape(shape)}, got ${value ? formatShape(value.shape) : "none"}.`,
        );
      }
    }
    for (const [name, target] of own) target.assign((tensors[name] as Tensor).toArray());
  }
}

/** Options of {@link ExponentialMovingAverage}. */
export interface AverageOptions extends AveragingOptions {
  /** Share of the average that stays at each update, in [0, 1]. Default 0.999. */
  readonly decay?: number;
}

/**
 * An exponential moving average of weights: average ← decay · average + (1 - decay) · weight, starting at the weights
 * themselves (PyTorch's `AveragedModel` starts at the weights of the first update).
 *
 * Source: Polyak & Juditsky 1992; `get_ema_multi_avg_fn` of https://pytorch.org/docs/stable/optim.html#weight-averaging-swa-and-ema
 *
 * @example
 * ```ts
 * import { ExponentialMovingAverage } from "@graftjs/optim";
 * import { tensor } from "@graftjs/tensor";
 *
 * const weight = tensor([1], undefined, { requiresGrad: true });
 * const average = new ExponentialMovingAverage([weight], { decay: 0.9 });
 * weight.assign([2]);
 * average.update();
 * console.log(average.during(() => weight.toNested()), weight.toNested()); // [1.1] [2]
 * ```
 */
export class ExponentialMovingAverage extends WeightAverage {
  readonly decay: number;

  /** @throws {ArgumentError} unless decay is in [0, 1]. */
  constructor(source: AnyModule | Iterable<Tensor>, options: AverageOptions = {}) {
    super(source, options.buffers ?? "average");
    this.decay = options.decay ?? 0.999;
    if (!(this.decay >= 0 && this.decay <= 1)) {
      throw new ArgumentError({
        op: "ExponentialMovingAverage",
        expected: "decay in [0, 1]",
        got: String(this.decay),
      });
    }
  }

  protected next(average: Tensor, weight: Tensor): Tensor {
    // In this form, the average of a weight that is frozen stays equal to it.
    return add(average, mul(sub(weight, average), 1 - this.decay));
  }
}

/**
 * Stochastic weight averaging: the mean of the weights of all updates, which are made late in training at a rate that stays
 * high. Afterwards, with the averages in place, {@link updateBatchNorm} computes the running statistics anew.
 *
 * Source: Izmailov et al. 2018, https://arxiv.org/abs/1803.05407; `AveragedModel` of
 * https://pytorch.org/docs/stable/optim.html#weight-averaging-swa-and-ema
 *
 * @example
 * ```ts
 * import { StochasticWeightAverage } from "@graftjs/optim";
 * import { tensor } from "@graftjs/tensor";
 *
 * const weight = tensor([1], undefined, { requiresGrad: true });
 * const average = new StochasticWeightAverage([weight]);
 * for (const value of [2, 4]) {
 *   weight.assign([value]);
 *   average.update();
 * }
 * console.log(average.during(() => weight.toNested()), weight.toNested()); // [3] [4]
 * ```
 */
export class StochasticWeightAverage extends WeightAverage {
  /** Number of updates. */
  readonly #count: Tensor = zeros([]);

  constructor(source: AnyModule | Iterable<Tensor>, options: AveragingOptions = {}) {
    super(source, options.buffers ?? "copy");
  }

  protected next(average: Tensor, weight: Tensor): Tensor {
    const count = cast(this.#count, weight.dtype);
    const mean = add(average, div(sub(weight, average), add(count, 1)));
    return where(equal(count, 0), weight, mean);
  }

  protected override counted(): void {
    this.#count.assign(add(this.#count, 1));
  }

  protected override counters(): Record<string, Tensor> {
    return { n_averaged: this.#count };
  }
}
