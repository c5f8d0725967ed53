/** What a worker needs to join the others: its own instance of the kernels over the memory that all share. */
export interface WorkerTask {
  readonly module: WebAssembly.Module;
  readonly memory: WebAssembly.Memory;
  /** Address of the control block. */
  readonly control: number;
  readonly threads: number;
  /** The worker's number, from 1 on. */
  readonly thread: number;
  /** Address of its scratch area. */
  readonly scratch: number;
}

// The program of a worker. Text, so that no bundler has to know about it.
const code = `
const start = async ({ module, memory, control, threads, thread, scratch }, ready) => {
  const { exports } = await WebAssembly.instantiate(module, { env: { memory } });
  exports.setup(control, threads, scratch, true);
  ready();
  try {
    exports.work(thread);
  } catch {
    // The others must not wait for this one: see engine.ts.
    const words = new Int32Array(memory.buffer, control);
    Atomics.store(words, 3, 1);
    Atomics.add(words, 32, 1);
    Atomics.notify(words, 32);
  }
};
if (typeof require === "function") {
  const { parentPort, workerData } = require("node:worker_threads");
  start(workerData, () => parentPort.postMessage(0)).then(() => parentPort.close());
} else {
  onmessage = ({ data }) => start(data, () => postMessage(0)).then(close);
}`;

/** Starts a worker on `task`; resolved when it waits for work. It does not keep the process alive. */
export function startWorker(task: WorkerTask): Promise<void> {
  return typeof process === "object" && process.versions?.node ? startInNode(task) : startInBrowser(task);
}

async function startInNode(task: WorkerTask): Promise<void> {
  const { Worker } = await import("node:worker_threads");
  const worker = new Worker(code, { eval: true, workerData: task });
  await new Promise<void>((resolve, reject) => {
    worker.once("message", () => resolve());
    worker.once("error", reject);
  });
  worker.unref();
}

async function startInBrowser(task: WorkerTask): Promise<void> {
  const url = URL.createObjectURL(new Blob([code], { type: "text/javascript" }));
  try {
    const worker = new Worker(url);
    await new Promise<void>((resolve, reject) => {
      worker.onmessage = () => resolve();
      worker.onerror = (event) => reject(new Error(event.message || "The worker did not start."));
      worker.postMessage(task);
    });
  } finally {
    URL.revokeObjectURL(url);
  }
}
