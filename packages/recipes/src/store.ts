import { copyStateDict } from "@graftjs/nn";
import type { Tensor } from "@graftjs/tensor";

/** Tensors by name, and whatever else JSON can hold. */
export interface Stored {
  readonly tensors: Readonly<Record<string, Tensor>>;
  readonly json: unknown;
}

/** Keeps checkpoints and caches of a run. A write either happens whole or not at all. */
export interface RunStore {
  save(name: string, content: Stored): Promise<void>;
  load(name: string): Promise<Stored | null>;
}

/**
 * A store that lasts as long as the program.
 *
 * @example
 * ```ts
 * import { MemoryStore } from "@graftjs/recipes";
 * import { tensor } from "@graftjs/tensor";
 *
 * const store = new MemoryStore();
 * await store.save("epoch-1", { tensors: { weight: tensor([1, 2]) }, json: { epoch: 1 } });
 * const stored = await store.load("epoch-1");
 * console.log(stored?.tensors.weight?.toNested(), stored?.json); // [1, 2] { epoch: 1 }
 * ```
 */
export class MemoryStore implements RunStore {
  readonly #contents = new Map<string, Stored>();

  async save(name: string, { tensors, json }: Stored): Promise<void> {
    this.#contents.set(name, { tensors: await copyStateDict(tensors), json: structuredClone(json) });
  }

  load(name: string): Promise<Stored | null> {
    return Promise.resolve(this.#contents.get(name) ?? null);
  }
}
