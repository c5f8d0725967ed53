import { DeviceError } from "@graftjs/tensor";
import { Allocator } from "./allocator.ts";
import type { Build } from "./module.ts";
import { Nursery } from "./nursery.ts";
import type { Profile } from "./profile.ts";
import { startWorker } from "./workers.ts";

/** What the compiled kernels export besides one global a kernel. */
interface Exports {
  readonly heapBase: WebAssembly.Global<"i32">;
  readonly SCRATCH_BYTES: WebAssembly.Global<"i32">;
  setup(control: number, threads: number, scratch: number, maySleep: boolean): void;
  runSerial(program: number, commands: number): void;
  runParallel(program: number, commands: number, wake: boolean): void;
}

/** Words of the control block (assembly/runtime.ts), and its size. */
const EPOCH = 0;
const STOP = 3;
const ARRIVED = 32;
const CONTROL_BYTES = 192;
const PAGE = 65536;

export interface EngineOptions {
  readonly module: WebAssembly.Module;
  readonly build: Build;
  readonly threads: number;
  readonly maximumBytes: number;
  /** Work, in nanoseconds of one thread, from which all threads take part in a command. */
  readonly parallelFrom: number;
}

/** One instance of the kernels a thread, the memory they share, and what is in it. */
export class Engine {
  readonly memory: WebAssembly.Memory;
  readonly allocator: Allocator;
  readonly nursery: Nursery;
  readonly build: Build;
  readonly threads: number;
  readonly parallelFrom: number;
  /** Index of each kernel in the function table. */
  readonly kernels: ReadonlyMap<string, number>;
  /** What calls are measured into, while somebody wants to know. */
  profile: Profile | null = null;
  readonly #exports: Exports;
  readonly #control: Int32Array;
  #arena = { address: 0, bytes: 0, version: 0 };

  private constructor(
    memory: WebAssembly.Memory,
    exports: Exports,
    base: number,
    threads: number,
    { build, maximumBytes, parallelFrom }: EngineOptions,
  ) {
    this.memory = memory;
    this.build = build;
    this.threads = threads;
    this.parallelFrom = parallelFrom;
    this.#exports = exports;
    this.#control = new Int32Array(memory.buffer, base, CONTROL_BYTES / 4);
    const scratch = exports.SCRATCH_BYTES.value;
    this.allocator = new Allocator(memory, base + CONTROL_BYTES + threads * scratch, maximumBytes);
    this.nursery = new Nursery(memory, this.allocator, maximumBytes);
    this.kernels = new Map(
      Object.entries(exports as object).flatMap(([name, value]) =>
        name.endsWith("Kernel") ? [[name.slice(0, -"Kernel".length), (value as WebAssembly.Global<"i32">).value]] : [],
      ),
    );
  }

  static async start(options: EngineOptions): Promise<Engine> {
    const { memory, maximumBytes } = createMemory(options.maximumBytes);
    const instance = await WebAssembly.instantiate(options.module, { env: { memory } });
    const exports = instance.exports as unknown as Exports;
    const base = Math.ceil(exports.heapBase.value / 64) * 64;
    const scratch = base + CONTROL_BYTES;
    const scratchBytes = exports.SCRATCH_BYTES.value;
    memory.grow(Math.ceil((scratch + options.threads * scratchBytes + PAGE - memory.buffer.byteLength) / PAGE));
    let { threads } = options;
    try {
      const workers = Array.from({ length: threads - 1 }, (_, i) =>
        startWorker({
          ...{ module: options.module, memory, control: base, threads, thread: i + 1 },
          scratch: scratch + (i + 1) * scratchBytes,
        }),
      );
      await Promise.all(workers);
    } catch {
      // Workers may be forbidden (a content security policy): then one thread does everything.
      stop(new Int32Array(memory.buffer, base, CONTROL_BYTES / 4));
      threads = 1;
    }
    exports.setup(base, threads, scratch, maySleep());
    return new Engine(memory, exports, base, threads, { ...options, maximumBytes });
  }

  /** Runs a program that lies in memory. @throws {DeviceError} if it fails, after which threads are out of step. */
  run(program: number, commands: number, parallel: boolean): void {
    try {
      if (parallel && this.threads > 1) this.#exports.runParallel(program, commands, this.profile !== null);
      else this.#exports.runSerial(program, commands);
    } catch (cause) {
      this.stop();
      const help = "The device cannot be used any more: it was closed, or a kernel failed. Start another with wasm().";
      throw new DeviceError(help, { op: "wasm", help }, { cause });
    }
  }

  /** The memory in which all programs keep their intermediate values while they run; moves when it must grow. */
  arena(bytes: number): { readonly address: number; readonly version: number } {
    const { address, bytes: have, version } = this.#arena;
    if (have < bytes) {
      if (have > 0) this.allocator.free(address, have);
      this.#arena = { address: 0, bytes: 0, version: version + 1 };
      this.#arena = { address: this.allocator.allocate(bytes), bytes, version: version + 1 };
    }
    return this.#arena;
  }

  /** Ends the workers, after results were saved that lie here alone. */
  stop(): void {
    this.nursery.clear();
    stop(this.#control);
  }

  /** A function that ends the workers and does not keep the engine alive. */
  stopper(): () => void {
    const control = this.#control;
    return () => stop(control);
  }
}

/** Ends threads that wait for work, and those that wait for others. */
function stop(control: Int32Array): void {
  Atomics.store(control, STOP, 1);
  for (const word of [EPOCH, ARRIVED]) {
    Atomics.add(control, word, 1);
    Atomics.notify(control, word);
  }
}

/** A shared memory, so that one build of the kernels serves one thread and many. */
function createMemory(maximumBytes: number): { memory: WebAssembly.Memory; maximumBytes: number } {
  // Some systems refuse to reserve so much address space at once.
  for (let maximum = Math.ceil(maximumBytes / PAGE); ; maximum = Math.floor(maximum / 2)) {
    try {
      const memory = new WebAssembly.Memory({ initial: 16, maximum, shared: true });
      return { memory, maximumBytes: maximum * PAGE };
    } catch (error) {
      if (maximum < 1024) throw error;
    }
  }
}

/** A page's main thread must not block. */
function maySleep(): boolean {
  return typeof document === "undefined";
}
