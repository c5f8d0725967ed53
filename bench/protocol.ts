import type { Workload } from "./workloads/workload.ts";

/** How a contender is to run. */
export interface Settings {
  readonly threads?: number;
  readonly mode?: "eager" | "compiled";
  readonly backend?: "cpu" | "wasm";
  /** PyTorch: images in NHWC layout. */
  readonly channelsLast?: boolean;
  /** PyTorch: weights, or in training autocast, in bfloat16. */
  readonly bfloat16?: boolean;
  /** PyTorch: `torch.compile`, which needs a C++ compiler. */
  readonly compile?: boolean;
}

/** The run whose result is compared: with two updates before it, gradients and optimiser are compared as well. */
export const RESULT_RUN = 3;

/** The harness writes one of these as a line of JSON to a contender's standard input ... */
export interface Request {
  readonly workload: Workload;
  readonly settings: Settings;
  /** Runs that are not counted: for at least this long, and at least one. */
  readonly warmupSeconds: number;
  /** Runs that are counted: for at least this long, and at least one. */
  readonly seconds: number;
}

/** ... and reads one of these from its standard output. */
export type Reply = Measurement | { readonly cannot: string };

export interface Measurement {
  /** Milliseconds of each run. */
  readonly times: readonly number[];
  /** What run number {@link RESULT_RUN} computed: the loss, or the mean of the features. Equal for all contenders. */
  readonly result: number;
  /** Largest resident memory of the process so far, in bytes. */
  readonly peakBytes: number;
  readonly versions: Readonly<Record<string, string>>;
}

/** One run of a workload; returns what it computed. */
export type Run = () => number | Promise<number>;

/** What `contender.ts` serves. */
export interface Contender {
  readonly versions: Readonly<Record<string, string>>;
  /** Builds the network and returns a function that runs the workload once. Throws where it cannot. */
  prepare(workload: Workload, settings: Settings): Promise<Run>;
}
