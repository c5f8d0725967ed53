import type { Sample, SampleKey, SampleWorker } from "./dataset.ts";

/** Shares loads out among workers: each goes to the one with the fewest under way. */
export class WorkerPool {
  readonly #members: { readonly worker: SampleWorker; underWay: number }[];

  constructor(count: number, start: () => SampleWorker) {
    this.#members = Array.from({ length: count }, () => ({ worker: start(), underWay: 0 }));
  }

  async load(index: number, key: SampleKey): Promise<Sample> {
    const member = this.#members.reduce((least, other) => (other.underWay < least.underWay ? other : least));
    member.underWay++;
    try {
      return await member.worker.load(index, key);
    } finally {
      member.underWay--;
    }
  }

  async close(): Promise<void> {
    await Promise.all(this.#members.map(({ worker }) => worker.close()));
  }
}
