import type { Allocator } from "./allocator.ts";

/** Named blocks of a device's memory that one owner has, such as a program. Freed all at once when the owner is gone. */
export class Blocks {
  readonly #allocator: Allocator;
  readonly #blocks = new Map<string, { readonly address: number; readonly bytes: number }>();

  constructor(allocator: Allocator) {
    this.#allocator = allocator;
  }

  /** The address of block `name`, of `bytes` bytes; it stays where it is, with what it holds, as long as its size does. */
  place(name: string, bytes: number): number {
    const block = this.#blocks.get(name);
    if (block?.bytes === bytes) return block.address;
    if (block) this.#release(name);
    const address = this.#allocator.allocate(bytes);
    this.#blocks.set(name, { address, bytes });
    return address;
  }

  free(): void {
    for (const name of this.#blocks.keys()) this.#release(name);
  }

  #release(name: string): void {
    const { address, bytes } = this.#blocks.get(name) as { address: number; bytes: number };
    // Forgotten first: an allocation that fails afterwards must not leave it to be freed twice.
    this.#blocks.delete(name);
    this.#allocator.free(address, bytes);
  }
}
