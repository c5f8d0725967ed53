import { Worker } from "node:worker_threads";

/** Cores that contenders use at once. */
const CORES = 2;
/** A core is free if it does its work in so many times the least that it ever took. */
const TOLERANCE = 1.15;
/** Looks at the start, which find out what that least is. */
const FIRST_LOOKS = 30;
const SECONDS_BETWEEN = 0.25;
/** Looks of which one is enough: threads of whoever ran last may still spin, waiting for work, during the first. */
const LOOKS = 3;

/** What is left of the time that may be spent on waiting for a quiet machine, and how it went. */
export interface Patience {
  seconds: number;
  /** Measurements that were done again. */
  repeated: number;
  /** Measurements that count although the machine was not quiet. */
  counted: number;
}

/**
 * Tells whether the machine's cores are free. On a machine that others use as well, a virtual core may be half of a real one
 * for seconds on end, which no load average shows; one contender's round in such a time beside another's in a quiet one would
 * compare neighbours. All cores at once run the inner loop of a matrix product, for some milliseconds, and are timed.
 */
export class QuietMachine {
  readonly #workers: readonly Worker[];
  /** How many workers are ready to begin. */
  readonly #ready: Int32Array;
  #least = Number.POSITIVE_INFINITY;

  private constructor(workers: readonly Worker[], ready: Int32Array) {
    this.#workers = workers;
    this.#ready = ready;
  }

  static async start(): Promise<QuietMachine> {
    const ready = new Int32Array(new SharedArrayBuffer(4));
    const workerData = { ready, cores: CORES };
    const workers = Array.from(
      { length: CORES },
      () => new Worker(new URL("./quietWorker.ts", import.meta.url), { workerData }),
    );
    const machine = new QuietMachine(workers, ready);
    for (let i = 0; i < FIRST_LOOKS; i++) await machine.#look();
    return machine;
  }

  /** Looks a few times within less than a second. */
  async isQuiet(): Promise<boolean> {
    for (let i = 0; i < LOOKS; i++) {
      if (i > 0) await pause();
      if (await this.#look()) return true;
    }
    return false;
  }

  /** Whether all cores are free at this moment. */
  async #look(): Promise<boolean> {
    Atomics.store(this.#ready, 0, 0);
    const times = await Promise.all(
      this.#workers.map((worker) => {
        const time = new Promise<number>((resolve, reject) => {
          worker.once("message", resolve);
          worker.once("error", reject);
        });
        worker.postMessage(null);
        return time;
      }),
    );
    for (const worker of this.#workers) worker.removeAllListeners("error");
    this.#least = Math.min(this.#least, ...times);
    return Math.max(...times) <= TOLERANCE * this.#least;
  }

  /** Must be called in the end: workers keep the process alive. */
  async close(): Promise<void> {
    await Promise.all(this.#workers.map((worker) => worker.terminate()));
  }

  /**
   * Runs something while the machine is quiet: puts it off until then, and runs it again if the machine was not quiet any more
   * in the end, as long as patience lasts.
   */
  async quietly<T>(patience: Patience, run: () => Promise<T>): Promise<T> {
    while (true) {
      while (!(await this.isQuiet()) && patience.seconds > 0) {
        await pause();
        patience.seconds -= LOOKS * SECONDS_BETWEEN;
      }
      const start = performance.now();
      const result = await run();
      if (await this.isQuiet()) return result;
      if (patience.seconds <= 0) {
        patience.counted++;
        return result;
      }
      patience.seconds -= (performance.now() - start) / 1000;
      patience.repeated++;
    }
  }
}

function pause(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, SECONDS_BETWEEN * 1000));
}
