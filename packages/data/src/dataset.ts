/** One example: the network's input, row-major in the data set's `shape`, and its class. */
export interface Sample {
  readonly input: Float32Array;
  readonly label: number;
}

/** What a random draw for a sample depends on, besides its index. */
export interface SampleKey {
  readonly seed: number;
  readonly epoch: number;
}

/** Loads samples in a thread of its own. */
export interface SampleWorker {
  load(index: number, key: SampleKey): Promise<Sample>;
  /** Ends the thread; loads under way are rejected. */
  close(): Promise<void>;
}

/** Examples by number. What `sample` gives depends on index, seed and epoch alone. */
export interface Dataset {
  readonly length: number;
  /** Shape of one input: [channels, height, width] for images. */
  readonly shape: readonly number[];
  /** The class of each example. */
  readonly labels: Int32Array;
  /** One example; an array at once, or a promise where it must be read and decoded. */
  sample(index: number, key: SampleKey): Sample | Promise<Sample>;
  /** Starts a thread that loads the same samples, for data sets that can be loaded so. */
  startWorker?(): SampleWorker;
}
