import { type CompiledFunction, compile, noGrad, runtime, type Tensor } from "@graftjs/tensor";

/**
 * Runs what happens to a list of tensors as one program, also eagerly: op by op, most of the time would go into copying.
 * Programs are made once for each list.
 */
export class Programs {
  readonly #known: { readonly tensors: readonly Tensor[]; readonly run: CompiledFunction<Tensor[], Tensor[]> }[] = [];
  readonly #fn: (tensors: readonly Tensor[], inputs: readonly Tensor[]) => Tensor[];

  /** @param fn what is done, without gradients; it may assign to the tensors. */
  constructor(fn: (tensors: readonly Tensor[], inputs: readonly Tensor[]) => Tensor[]) {
    this.#fn = (tensors, inputs) => noGrad(() => fn(tensors, inputs));
  }

  run(tensors: readonly Tensor[], inputs: readonly Tensor[] = []): Tensor[] {
    if (tensors.length === 0) return [];
    if (runtime().tracer) return this.#fn(tensors, inputs);
    const known = this.#known.find(
      (p) => p.tensors.length === tensors.length && p.tensors.every((t, i) => t === tensors[i]),
    );
    if (known) return known.run(...inputs);
    const run = compile((...values: Tensor[]) => this.#fn(tensors, values));
    this.#known.push({ tensors, run });
    return run(...inputs);
  }
}
