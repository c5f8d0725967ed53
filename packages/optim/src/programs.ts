import { type CompiledFunction, compile, type Device, noGrad, runtime, type Tensor } from "@graftjs/tensor";

interface Program {
  readonly tensors: readonly Tensor[];
  readonly device: Device | undefined;
  readonly run: CompiledFunction<Tensor[], Tensor[]>;
}

/**
 * Runs what happens to a list of tensors as one program, also eagerly: op by op, most of the time would go into copying.
 * It runs on the device that holds the tensors. Programs are made once for each list.
 */
export class Programs {
  readonly #known: Program[] = [];
  readonly #fn: (tensors: readonly Tensor[], inputs: readonly Tensor[]) => Tensor[];

  /** @param fn what is done, without gradients; it may assign to the tensors. */
  constructor(fn: (tensors: readonly Tensor[], inputs: readonly Tensor[]) => Tensor[]) {
    this.#fn = (tensors, inputs) => noGrad(() => fn(tensors, inputs));
  }

  run(tensors: readonly Tensor[], inputs: readonly Tensor[] = []): Tensor[] {
    if (tensors.length === 0) return [];
    const { tracer, device: chosen } = runtime();
    if (tracer) return this.#fn(tensors, inputs);
    const device = chosen ?? deviceOf(tensors);
    const known = this.#known.find(
      (p) => p.device === device && p.tensors.length === tensors.length && p.tensors.every((t, i) => t === tensors[i]),
    );
    if (known) return known.run(...inputs);
    const run = compile((...values: Tensor[]) => this.#fn(tensors, values), device ? { device } : {});
    this.#known.push({ tensors, device, run });
    return run(...inputs);
  }
}

/** The device that a compiled function has left a tensor on, if one has. */
function deviceOf(tensors: readonly Tensor[]): Device | undefined {
  for (const t of tensors) if (t.storage.buffer) return t.storage.buffer.device;
  return undefined;
}
