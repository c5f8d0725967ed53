import { ArgumentError, cast, type DType, runtime, type Tensor, TraceError, tensor } from "@graftjs/tensor";

/** What every optimiser lets a group of parameters choose. */
export interface GroupOptions {
  readonly learningRate: number;
}

/** Momentum β as scalars on the device, with what updates need of it; exact, since computed before rounding. */
export interface Momentum {
  /** β. */
  readonly value: Tensor;
  /** 1 - β. */
  readonly rest: Tensor;
  /** ln β. */
  readonly log: Tensor;
}

/**
 * Parameters that an optimiser treats alike. Learning rate and momentum may change at any time: they lie on the device,
 * so that compiled functions follow without being traced again. A change of another option makes them be traced anew.
 *
 * @example
 * ```ts
 * import { Linear } from "@graftjs/nn";
 * import { ParameterGroup, SGD, type SGDOptions } from "@graftjs/optim";
 *
 * const [backbone, head] = [new Linear(2, 2), new Linear(2, 2)];
 * const optimizer = new SGD(
 *   [{ parameters: backbone.parameters(), learningRate: 1e-4 }, { parameters: head.parameters() }],
 *   { learningRate: 1e-2, momentum: 0.9 },
 * );
 * const [slow, fast] = optimizer.groups as [ParameterGroup<SGDOptions>, ParameterGroup<SGDOptions>];
 * fast.learningRate = 0.005; // a compiled step follows
 * console.log(slow.learningRate, fast.learningRate, fast.momentum); // 1.0e-4 0.005 0.9
 * ```
 */
export class ParameterGroup<Options extends GroupOptions> {
  readonly parameters: readonly Tensor[];
  /** The learning rate as a scalar of the parameters' dtype. */
  readonly rate: Tensor;
  readonly #momentum: Momentum;
  #learningRate = 0;
  #options: Omit<Options, "learningRate">;
  /** What a trace depends on. */
  #key = "";

  constructor(parameters: readonly Tensor[], options: Options) {
    const { learningRate, ...rest } = options;
    const dtype = parameters[0]?.dtype ?? "float32";
    const scalar = (): Tensor => tensor([0], [], { dtype });
    this.parameters = parameters;
    this.rate = scalar();
    this.#momentum = { value: scalar(), rest: scalar(), log: scalar() };
    this.#options = rest;
    this.options = rest;
    this.learningRate = learningRate;
  }

  get learningRate(): number {
    return this.#learningRate;
  }

  /** @throws {ArgumentError} unless >= 0. @throws {TraceError} inside of a compiled function. */
  set learningRate(value: number) {
    if (!(value >= 0)) throw new ArgumentError({ op: "learningRate", expected: "a number >= 0", got: String(value) });
    checkOutside("learningRate");
    this.#learningRate = value;
    this.rate.assign([value]);
  }

  /** `momentum`, or the first of `betas`; undefined for an optimiser that has neither. */
  get momentum(): number | undefined {
    const { momentum, betas } = this.#options as MomentumOptions;
    return momentum ?? betas?.[0];
  }

  /**
   * Sets `momentum`, or the first of `betas`.
   * @throws {ArgumentError} unless >= 0, or if the optimiser has none. @throws {TraceError} inside of a compiled function.
   */
  set momentum(value: number) {
    const { momentum, betas } = this.#options as MomentumOptions;
    if (momentum === undefined && betas === undefined) {
      throw new ArgumentError({ op: "momentum", expected: "an optimiser with momentum or betas", got: "one without" });
    }
    const changed = momentum === undefined ? { betas: [value, ...(betas ?? []).slice(1)] } : { momentum: value };
    this.options = { ...this.#options, ...changed };
  }

  /** Everything but the learning rate. */
  get options(): Omit<Options, "learningRate"> {
    return this.#options;
  }

  set options(options: Omit<Options, "learningRate">) {
    const { momentum, betas, ...rest } = options as MomentumOptions;
    const value = momentum ?? betas?.[0];
    if (value !== undefined) {
      if (!(value >= 0)) throw new ArgumentError({ op: "momentum", expected: "a number >= 0", got: String(value) });
      checkOutside("momentum");
      this.#momentum.value.assign([value]);
      this.#momentum.rest.assign([1 - value]);
      this.#momentum.log.assign([Math.log(value)]);
    }
    this.#options = options;
    // Of the momentum, only whether there is one is part of a program.
    this.#key = JSON.stringify([rest, betas?.slice(1), value !== undefined && value > 0]);
  }

  /** The other options, noted as something that a trace depends on. */
  guarded(): Omit<Options, "learningRate"> {
    runtime().tracer?.guard(() => this.#key);
    return this.#options;
  }

  /** Learning rate and momentum for a parameter of this dtype. */
  scalars(dtype: DType): { readonly rate: Tensor; readonly momentum: Momentum } {
    const { value, rest, log } = this.#momentum;
    return {
      rate: cast(this.rate, dtype),
      momentum: { value: cast(value, dtype), rest: cast(rest, dtype), log: cast(log, dtype) },
    };
  }
}

interface MomentumOptions {
  readonly momentum?: number;
  readonly betas?: readonly number[];
}

function checkOutside(name: string): void {
  if (runtime().tracer) {
    throw new TraceError(`${name}: set it outside of the compiled function, which reads it at each run.`);
  }
}
