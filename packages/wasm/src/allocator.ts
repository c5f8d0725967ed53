import { DeviceError } from "@graftjs/tensor";

/** Every block begins at, and is as long as, a multiple of this: a cache line. */
const ALIGNMENT = 64;
const PAGE = 65536;
/** Vector loads may read this far past the last block. */
const GUARD = 64;
/** Memory grows by at least this share of itself, so that many small blocks do not grow it one by one. */
const GROWTH = 1 / 8;

/** A free stretch of memory. */
interface Gap {
  readonly start: number;
  readonly end: number;
}

/** Hands out blocks of a WebAssembly memory: best fit, neighbouring free blocks joined, grown on demand. */
export class Allocator {
  readonly #memory: WebAssembly.Memory;
  readonly #maximumBytes: number;
  /** Sorted by address. */
  #gaps: Gap[];
  #used = 0;

  /** Everything in `memory` from `base` on is the allocator's. */
  constructor(memory: WebAssembly.Memory, base: number, maximumBytes: number) {
    this.#memory = memory;
    this.#maximumBytes = maximumBytes;
    this.#gaps = [{ start: roundUp(base, ALIGNMENT), end: memory.buffer.byteLength - GUARD }];
  }

  /** Bytes in use. */
  get usedBytes(): number {
    return this.#used;
  }

  /** Bytes that the memory has grown to. */
  get totalBytes(): number {
    return this.#memory.buffer.byteLength;
  }

  /** The address of `bytes` bytes, not cleared. @throws {DeviceError} if the memory cannot grow that far. */
  allocate(bytes: number): number {
    const size = sizeOfBlock(bytes);
    let best = this.#bestFit(size);
    if (best < 0) {
      this.#grow(size);
      best = this.#bestFit(size);
    }
    const { start, end } = this.#gaps[best] as Gap;
    if (end - start === size) this.#gaps.splice(best, 1);
    else this.#gaps[best] = { start: start + size, end };
    this.#used += size;
    return start;
  }

  /** Takes back a block of `bytes` bytes. */
  free(address: number, bytes: number): void {
    const size = sizeOfBlock(bytes);
    this.#used -= size;
    this.#insert({ start: address, end: address + size });
  }

  #bestFit(size: number): number {
    let best = -1;
    let room = Number.POSITIVE_INFINITY;
    this.#gaps.forEach(({ start, end }, i) => {
      const length = end - start;
      if (length >= size && length < room) {
        best = i;
        room = length;
      }
    });
    return best;
  }

  #insert({ start, end }: Gap): void {
    let [low, high] = [0, this.#gaps.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#gaps[middle] as Gap).start < start) low = middle + 1;
      else high = middle;
    }
    const [before, after] = [this.#gaps[low - 1], this.#gaps[low]];
    const joinsBefore = before?.end === start;
    const joinsAfter = after?.start === end;
    this.#gaps.splice(joinsBefore ? low - 1 : low, Number(joinsBefore) + Number(joinsAfter), {
      start: joinsBefore ? before.start : start,
      end: joinsAfter ? after.end : end,
    });
  }

  #grow(size: number): void {
    const total = this.totalBytes;
    const last = this.#gaps.at(-1);
    const free = last?.end === total - GUARD ? last.end - last.start : 0;
    const needed = roundUp(size - free, PAGE);
    const wanted = Math.min(Math.max(needed, roundUp(total * GROWTH, PAGE)), this.#maximumBytes - total);
    if (!(wanted >= needed && this.#growBy(wanted)) && !this.#growBy(needed)) {
      throw new DeviceError(
        `The memory of the WASM device cannot grow by the ${formatBytes(needed)} that ${formatBytes(size)} more need: it has ${formatBytes(total)} (${formatBytes(this.#used)} in use) of at most ${formatBytes(this.#maximumBytes)}. Use a smaller batch or input, or a device of its own.`,
        { op: "wasm", expected: `at most ${formatBytes(this.#maximumBytes)}`, got: formatBytes(total + needed) },
      );
    }
    this.#insert({ start: total - GUARD, end: this.totalBytes - GUARD });
  }

  #growBy(bytes: number): boolean {
    if (this.totalBytes + bytes > this.#maximumBytes) return false;
    try {
      this.#memory.grow(bytes / PAGE);
      return true;
    } catch {
      return false;
    }
  }
}

function roundUp(n: number, unit: number): number {
  return Math.ceil(n / unit) * unit;
}

function sizeOfBlock(bytes: number): number {
  return roundUp(Math.max(bytes, 1), ALIGNMENT);
}

/** `1.5 MiB`, for messages. */
export function formatBytes(bytes: number): string {
  const units = ["bytes", "KiB", "MiB", "GiB"];
  let [size, unit] = [bytes, 0];
  while (size >= 1024 && unit < units.length - 1) {
    size /= 1024;
    unit++;
  }
  return `${Number(size.toFixed(size < 10 && unit > 0 ? 1 : 0))} ${units[unit]}`;
}
