import type { Module } from "@graftjs/nn";
import type { Tensor, TypedArray } from "@graftjs/tensor";
import { FrozenChangedError } from "./errors.ts";

/**
 * Remembers what must not change, and checks afterwards, bit for bit, that it has not.
 *
 * @example
 * ```ts
 * import { Linear, Sequential } from "@graftjs/nn";
 * import { FrozenWitness } from "@graftjs/recipes";
 *
 * const net = new Sequential(new Linear(4, 8), new Linear(8, 2));
 * net.get(0).freeze();
 * const witness = new FrozenWitness(net);
 * console.log(witness.check()); // { parameters: 40, unchanged: true }
 * ```
 */
export class FrozenWitness {
  readonly #kept: { readonly name: string; readonly tensor: Tensor; readonly bytes: Uint8Array }[] = [];
  /** Number of frozen values. */
  readonly parameters: number;

  /** Takes down every parameter that does not require a gradient, and every buffer. */
  constructor(model: Module) {
    let count = 0;
    for (const [name, p] of model.namedParameters()) {
      if (p.requiresGrad) continue;
      count += p.size;
      this.#keep(name, p);
    }
    for (const [name, b] of model.namedBuffers()) this.#keep(name, b);
    this.parameters = count;
  }

  #keep(name: string, tensor: Tensor): void {
    this.#kept.push({ name, tensor, bytes: bytesOf(tensor.toArray()) });
  }

  /** @throws {FrozenChangedError} naming what changed. */
  check(): { parameters: number; unchanged: true } {
    const changed = this.#kept.filter(({ tensor, bytes }) => {
      const now = bytesOf(tensor.toArray());
      return now.length !== bytes.length || now.some((b, i) => b !== bytes[i]);
    });
    if (changed.length > 0) throw new FrozenChangedError(changed.map((k) => k.name));
    return { parameters: this.parameters, unchanged: true };
  }
}

function bytesOf(array: TypedArray): Uint8Array {
  return new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
}
