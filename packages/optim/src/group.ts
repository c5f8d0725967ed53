import { ArgumentError, runtime, type Tensor, TraceError, tensor } from "@graftjs/tensor";

/** What every optimiser lets a group of parameters choose. */
export interface GroupOptions {
  readonly learningRate: number;
}

/**
 * Parameters that an optimiser treats alike. The learning rate may change at any time: it lies on the device, so that
 * compiled functions follow without being traced again. A change of another option makes them be traced anew.
 */
export class ParameterGroup<Options extends GroupOptions> {
  readonly parameters: readonly Tensor[];
  /** Everything but the learning rate. */
  options: Omit<Options, "learningRate">;
  /** The learning rate as a float32 scalar. */
  readonly rate: Tensor = tensor([0], []);
  #learningRate = 0;

  constructor(parameters: readonly Tensor[], options: Options) {
    const { learningRate, ...rest } = options;
    this.parameters = parameters;
    this.options = rest;
    this.learningRate = learningRate;
  }

  get learningRate(): number {
    return this.#learningRate;
  }

  /** @throws {ArgumentError} unless >= 0. @throws {TraceError} inside of a compiled function. */
  set learningRate(value: number) {
    if (!(value >= 0)) throw new ArgumentError({ op: "learningRate", expected: "a number >= 0", got: String(value) });
    if (runtime().tracer) {
      throw new TraceError("learningRate: set it outside of the compiled function, which reads it at each run.");
    }
    this.#learningRate = value;
    this.rate.assign([value]);
  }

  /** The other options, noted as something that a trace depends on. */
  guarded(): Omit<Options, "learningRate"> {
    runtime().tracer?.guard(() => JSON.stringify(this.options));
    return this.options;
  }
}
