import type { Sample } from "./dataset.ts";

/** A sample that was loaded, or why it was not. */
export type Loaded =
  | { readonly index: number; readonly sample: Sample }
  | { readonly index: number; readonly error: unknown };

export interface PrefetchLimits {
  /** How many samples may be under way or ready. */
  readonly ahead: number;
  /** How many may be under way at once; each may hold a decoded image. */
  readonly concurrency: number;
}

/**
 * Loads samples ahead of their use and hands them out in order, whatever the order in which they get ready.
 * Samples that are there at once are not loaded ahead.
 */
export class Prefetch {
  readonly #order: Int32Array;
  readonly #load: (index: number) => Sample | Promise<Sample>;
  readonly #limits: PrefetchLimits;
  readonly #queue: (Loaded | Promise<Loaded>)[] = [];
  #next = 0;
  #underWay = 0;

  constructor(order: Int32Array, load: (index: number) => Sample | Promise<Sample>, limits: PrefetchLimits) {
    this.#order = order;
    this.#load = load;
    this.#limits = limits;
  }

  /** The next sample, or undefined at the end. */
  take(): Loaded | Promise<Loaded> | undefined {
    this.#fill();
    const head = this.#queue.shift();
    if (head instanceof Promise) this.#fill();
    return head;
  }

  /** Starts nothing more, and waits for what is under way. */
  async stop(): Promise<void> {
    this.#next = this.#order.length;
    await Promise.all(this.#queue.splice(0));
  }

  #fill(): void {
    const { ahead, concurrency } = this.#limits;
    const queue = this.#queue;
    while (this.#next < this.#order.length && this.#underWay < concurrency && queue.length < ahead) {
      const started = this.#start(this.#order[this.#next++] as number);
      queue.push(started);
      if (!(started instanceof Promise)) return;
    }
  }

  #start(index: number): Loaded | Promise<Loaded> {
    try {
      const sample = this.#load(index);
      if (!(sample instanceof Promise)) return { index, sample };
      this.#underWay++;
      return this.#settle(index, sample);
    } catch (error) {
      return { index, error };
    }
  }

  async #settle(index: number, promise: Promise<Sample>): Promise<Loaded> {
    try {
      return { index, sample: await promise };
    } catch (error) {
      return { index, error };
    } finally {
      this.#underWay--;
      this.#fill();
    }
  }
}
