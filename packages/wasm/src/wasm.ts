import {
  ArgumentError,
  bytesPerElement,
  type Device,
  type DeviceBuffer,
  DeviceError,
  type DType,
  type Executable,
  type Graph,
} from "@graftjs/tensor";
import { formatBytes } from "./allocator.ts";
import { Blocks } from "./blocks.ts";
import { Buffer } from "./buffer.ts";
import { Engine } from "./engine.ts";
import { type Build, chooseBuild, loadModule } from "./module.ts";
import { Profile } from "./profile.ts";
import { Program } from "./program.ts";

/** More threads than this only get in each other's way. */
const MAX_THREADS = 8;
const PARALLEL_FROM = 3000;
const GIB = 2 ** 30;

/** Options of {@link wasm}. */
export interface WasmOptions {
  /**
   * How many threads compute, the calling one included. Default: one for each core, at most 8; always 1 where there is
   * no `SharedArrayBuffer` to share with workers (a page that is not cross-origin isolated). Results do not depend on it.
   */
  readonly threads?: number;
  /** Which build of the kernels: with fused multiply-add (`relaxed`), without (`simd`), or the best there is. Default `auto`. */
  readonly simd?: "auto" | "relaxed" | "simd";
  /** The most memory that the device may take, in bytes; at most, and by default, 4 GiB. */
  readonly maximumBytes?: number;
  /**
   * From how much work on, in nanoseconds of one thread, a kernel is split over all threads; below, waiting for each
   * other would take longer. Results do not depend on it. Default 3,000.
   */
  readonly parallelFrom?: number;
}

/** The WASM device, with what it has beyond every device. */
export interface WasmDevice extends Device {
  /** How many threads compute. */
  readonly threads: number;
  /** Which build of the kernels runs. */
  readonly simd: "relaxed" | "simd";
  /** Bytes in use by parameters and other states, programs, and their shared arena. */
  readonly usedBytes: number;
  /** Bytes that the device's memory has grown to; it never shrinks. */
  readonly totalBytes: number;
  /** Begins to measure how long each kernel call takes, and forgets what an earlier profile has. */
  startProfile(): void;
  /**
   * Ends that, and returns what was measured.
   * @throws {DeviceError} if no profile was begun.
   */
  stopProfile(): Profile;
  /** Ends the workers, after which the device must not be used. Optional: they also end with the device, or the process. */
  close(): void;
}

/**
 * Starts the default device: SIMD kernels in WebAssembly, on several threads, in Node and browsers.
 * @throws {DeviceError} if the engine has no WebAssembly SIMD, or the kernels cannot be read.
 * @throws {ArgumentError} on options out of range.
 *
 * @example
 * ```ts
 * import { compile, matmul, tensor, type Tensor } from "@graftjs/tensor";
 * import { wasm } from "@graftjs/wasm";
 *
 * const device = await wasm({ threads: 1 });
 * const predict = compile((x: Tensor) => matmul(x, tensor([[1], [2]])), { device });
 * console.log(predict(tensor([[3, 4]])).toNested()); // [[11]]
 * ```
 */
export async function wasm(options: WasmOptions = {}): Promise<WasmDevice> {
  const { simd = "auto", maximumBytes = 4 * GIB, parallelFrom = PARALLEL_FROM } = options;
  if (options.threads !== undefined && !(Number.isInteger(options.threads) && options.threads >= 1)) {
    throw new ArgumentError({ op: "wasm", expected: "threads >= 1", got: String(options.threads) });
  }
  if (!(maximumBytes >= 2 ** 26 && maximumBytes <= 4 * GIB)) {
    throw new ArgumentError({ op: "wasm", expected: "maximumBytes from 64 MiB to 4 GiB", got: String(maximumBytes) });
  }
  const build = chooseBuild(simd);
  const threads = canShare() ? (options.threads ?? (await cores())) : 1;
  const engine = await Engine.start({ module: await loadModule(build), build, threads, maximumBytes, parallelFrom });
  const device = new EngineDevice(engine);
  engines.register(device, engine.stopper());
  return device;
}

/** Ends the workers of devices that nobody uses any more. */
const engines = new FinalizationRegistry<() => void>((stop) => stop());

class EngineDevice implements WasmDevice {
  readonly name: string;
  readonly #engine: Engine;
  /** Frees the memory of programs and states that are collected. */
  readonly #blocks = new FinalizationRegistry<Blocks>((blocks) => blocks.free());

  constructor(engine: Engine) {
    this.#engine = engine;
    this.name = `wasm (${engine.build === "relaxed" ? "relaxed SIMD" : "SIMD"}, ${engine.threads} thread${engine.threads === 1 ? "" : "s"})`;
  }

  get threads(): number {
    return this.#engine.threads;
  }

  get simd(): Build {
    return this.#engine.build;
  }

  get usedBytes(): number {
    return this.#engine.allocator.usedBytes;
  }

  get totalBytes(): number {
    return this.#engine.allocator.totalBytes;
  }

  compile(graph: Graph): Executable {
    const blocks = new Blocks(this.#engine.allocator);
    const program = new Program(this.#engine, this, graph, blocks);
    this.#blocks.register(program, blocks);
    return program;
  }

  allocate(dtype: DType, length: number): DeviceBuffer {
    const { allocator, memory } = this.#engine;
    const blocks = new Blocks(allocator);
    const address = blocks.place("elements", length * bytesPerElement(dtype));
    const buffer = new Buffer(this, memory, address, dtype, length);
    buffer.view().fill(0);
    this.#blocks.register(buffer, blocks);
    return buffer;
  }

  startProfile(): void {
    this.#engine.profile = new Profile();
  }

  stopProfile(): Profile {
    const { profile } = this.#engine;
    if (!profile) {
      const help = "Begin a profile with startProfile().";
      throw new DeviceError(`No profile was begun. ${help}`, { op: "stopProfile", help });
    }
    this.#engine.profile = null;
    return profile;
  }

  close(): void {
    this.#engine.stop();
  }

  toString(): string {
    return `${this.name}, ${formatBytes(this.usedBytes)} in use`;
  }
}

/** Whether workers can share memory with this thread. */
function canShare(): boolean {
  const page = globalThis as { crossOriginIsolated?: boolean };
  return typeof SharedArrayBuffer !== "undefined" && page.crossOriginIsolated !== false;
}

async function cores(): Promise<number> {
  const node = typeof process === "object" && process.versions?.node;
  const count = node ? (await import("node:os")).availableParallelism() : navigator.hardwareConcurrency;
  return Math.min(MAX_THREADS, Math.max(1, count || 1));
}
