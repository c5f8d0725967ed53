import { runtime } from "../runtime.ts";
import type { Storage } from "../storage.ts";
import { Tensor } from "../tensor.ts";

/** A function that runs under `checkpoint`: marks its part of the tape, and keeps what it assigns to as it was before. */
export class CheckpointScope {
  readonly #outer: CheckpointScope | null = runtime().scope;
  readonly #before = new Map<Storage, { readonly target: Tensor; readonly value: Tensor }>();

  /** Called before each assignment. */
  assigning(target: Tensor): void {
    this.#outer?.assigning(target);
    const { storage } = target;
    if (!this.#before.has(storage)) this.#before.set(storage, { target, value: snapshot(target) });
  }

  /**
   * Runs `again` with the values from before the function's first run in the places that it assigned to: its random
   * numbers are the same, and running statistics are not updated twice.
   */
  replay<T>(again: () => T): T {
    const states = [...this.#before.values()];
    const after = states.map(({ target }) => snapshot(target));
    for (const { target, value } of states) target.assign(value);
    try {
      return again();
    } finally {
      states.forEach(({ target }, i) => {
        target.assign(after[i] as Tensor);
      });
    }
  }
}

/** The values of a tensor as they are now; inside of a trace, as they are at this point of the program. */
function snapshot(t: Tensor): Tensor {
  const { tracer } = runtime();
  return new Tensor(t.shape, t.dtype, tracer ? tracer.valueOf(t) : t.storage.copy());
}
