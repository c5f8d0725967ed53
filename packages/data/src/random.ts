import { philox } from "@graftjs/tensor";

/**
 * Counter-based random numbers (Philox4x32-10, Salmon et al., "Parallel random numbers: as easy as 1, 2, 3", SC 2011).
 * A stream is named by a seed and three counters, so what a sample draws depends on (seed, epoch, index) alone,
 * and never on the order in which samples are loaded or on who loads them.
 */
export class RandomStream {
  readonly #key0: number;
  readonly #key1: number;
  readonly #counter: readonly [number, number, number];
  #block: readonly number[] = [];
  #blocks = 0;
  #used = 4;

  /**
   * @param seed integer from 0 to 2^53 − 1.
   * @param counter three integers below 2^32, by convention [purpose, epoch, index].
   */
  constructor(seed: number, counter: readonly [number, number, number]) {
    this.#key0 = seed >>> 0;
    this.#key1 = Math.floor(seed / 2 ** 32) >>> 0;
    this.#counter = counter;
  }

  /** The next 32 random bits, as an integer from 0 to 2^32 − 1. */
  uint32(): number {
    if (this.#used === 4) {
      this.#block = philox(this.#blocks++, ...this.#counter, this.#key0, this.#key1);
      this.#used = 0;
    }
    return (this.#block[this.#used++] as number) >>> 0;
  }

  /** Uniform on [low, high), with 53 random bits. */
  uniform(low = 0, high = 1): number {
    const bits = (this.uint32() >>> 5) * 67108864 + (this.uint32() >>> 6);
    return low + (high - low) * (bits / 9007199254740992);
  }

  /** A uniform integer from 0 to `bound` − 1, without bias; `bound` is from 1 to 2^32. */
  integer(bound: number): number {
    const limit = 4294967296 - (4294967296 % bound);
    for (;;) {
      const bits = this.uint32();
      if (bits < limit) return bits % bound;
    }
  }
}

/** What a stream is for; keeps the shuffle, the split and the augmentation of one seed apart. */
export const purpose = { shuffle: 1, split: 2, augmentation: 3 } as const;

/** A random order of 0 … `length` − 1 (Fisher–Yates). */
export function permutation(length: number, random: RandomStream): Int32Array {
  const order = Int32Array.from({ length }, (_, i) => i);
  for (let i = length - 1; i > 0; i--) {
    const j = random.integer(i + 1);
    const kept = order[i] as number;
    order[i] = order[j] as number;
    order[j] = kept;
  }
  return order;
}
