/** The bits of a float32, as a word of an argument record. */
export function f32(x: number): number {
  floats[0] = x;
  return bits[0] as number;
}

const floats = new Float32Array(1);
const bits = new Uint32Array(floats.buffer);

/** Work, in nanoseconds of one thread, for which sleeping threads are woken up: that takes them about as long. */
const WAKE_FROM = 50_000;

/**
 * Collects the commands of a program. A command is a kernel, a word that says whether all threads take part, the
 * length of its argument record, and the record: 32-bit words (assembly/runtime.ts).
 */
export class Commands {
  readonly #kernels: ReadonlyMap<string, number>;
  readonly #parallelFrom: number;
  readonly #words: number[] = [];
  #count = 0;
  #parallel = false;

  /**
   * @param kernels index of each kernel in the function table.
   * @param parallelFrom work, in nanoseconds of one thread, from which all threads take part in a command.
   */
  constructor(kernels: ReadonlyMap<string, number>, parallelFrom: number) {
    this.#kernels = kernels;
    this.#parallelFrom = parallelFrom;
  }

  /**
   * Adds a command.
   * @param cost about how many nanoseconds it takes one thread; results do not depend on it.
   */
  add(kernel: string, cost: number, record: readonly number[]): void {
    const id = this.#kernels.get(kernel);
    if (id === undefined) throw new Error(`There is no kernel ${kernel}.`);
    const parallel = cost >= this.#parallelFrom;
    this.#words.push(id, !parallel ? 0 : cost < WAKE_FROM ? 1 : 2, record.length);
    for (const word of record) this.#words.push(word);
    this.#count++;
    this.#parallel ||= parallel;
  }

  get count(): number {
    return this.#count;
  }

  /** Whether any command is for all threads. */
  get parallel(): boolean {
    return this.#parallel;
  }

  get words(): readonly number[] {
    return this.#words;
  }
}
