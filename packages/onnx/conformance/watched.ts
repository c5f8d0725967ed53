import { type ChildProcess, fork } from "node:child_process";

/** What came of a job: its result, or why there is none. */
export type Done<Result> = { readonly result: Result } | { readonly problem: string };

/**
 * Does jobs in a child process, one after another, each within a time limit. A process that hangs or dies is replaced.
 * The module at `url` calls {@link answer}.
 */
export class Watched<Job extends object, Result> {
  readonly #url: URL;
  readonly #args: readonly string[];
  readonly #limitMs: number;
  #child: Promise<ChildProcess> | undefined;

  constructor(url: URL, limitMs: number, args: readonly string[] = []) {
    this.#url = url;
    this.#limitMs = limitMs;
    this.#args = args;
  }

  async run(job: Job): Promise<Done<Result>> {
    this.#child ??= this.#start();
    const child = await this.#child;
    return new Promise((resolve) => {
      const end = (done: Done<Result>): void => {
        clearTimeout(timer);
        child.off("message", onMessage).off("exit", onExit);
        resolve(done);
      };
      const onMessage = (result: unknown): void => end({ result: result as Result });
      const onExit = (code: number | null, signal: string | null): void => {
        this.#child = undefined;
        end({ problem: `the process ended with ${signal ?? `code ${code}`}` });
      };
      const timer = setTimeout(() => {
        this.close();
        end({ problem: `no result within ${this.#limitMs / 1000} s` });
      }, this.#limitMs);
      child.once("message", onMessage).once("exit", onExit);
      child.send(job);
    });
  }

  /** Ends the process. */
  close(): void {
    this.#child?.then((child) => child.kill("SIGKILL"));
    this.#child = undefined;
  }

  /** A process that is ready for jobs: its start does not count against the limit. */
  #start(): Promise<ChildProcess> {
    return new Promise((resolve, reject) => {
      const child = fork(this.#url, this.#args, { serialization: "advanced" });
      const failed = (code: number | null): void => reject(new Error(`${this.#url.pathname} ended with code ${code}`));
      child.once("exit", failed).once("message", () => resolve(child.off("exit", failed)));
    });
  }
}

/** In the child process: says that it is ready, and does jobs as they come. */
export function answer<Job, Result>(work: (job: Job) => Result | Promise<Result>): void {
  process.on("message", async (job: Job) => process.send?.(await work(job)));
  process.on("disconnect", () => process.exit());
  process.send?.("ready");
}
