import { bytesPerElement, type Residence, type Storage, type TypedArray, viewOf } from "@graftjs/tensor";
import type { Allocator } from "./allocator.ts";

const MIB = 2 ** 20;
/** What residents may take at first, and at most. */
const LEAST_BYTES = 2 * MIB;
const MOST_BYTES = 512 * MIB;
/** How much it may be with free blocks, which fit again if sizes recur. */
const WITH_FREE = 1.5;

/** Memory that one storage has in the nursery. */
export class Resident implements Residence {
  readonly address: number;
  /** Size of the block, which is at least that of the storage. */
  readonly bytes: number;
  readonly nursery: Nursery;
  /** The run that used it last. */
  lastRun: number;
  /** When it joined the end of the queue. */
  queuedAt: number;
  previous: Resident | null = null;
  next: Resident | null = null;
  storage: Storage | null = null;

  constructor(nursery: Nursery, address: number, bytes: number, run: number) {
    this.nursery = nursery;
    this.address = address;
    this.bytes = bytes;
    this.lastRun = run;
    this.queuedAt = run;
  }

  view(): TypedArray {
    const { dtype, length } = this.storage as Storage;
    return viewOf(dtype, this.nursery.memory.buffer, this.address, length);
  }

  leave(): void {
    this.nursery.remove(this);
  }
}

/**
 * Where the results of eager ops, and inputs, lie in the device's memory, so that the next op finds them there. JavaScript
 * does not say when they become garbage (finalisers run between tasks, and a training loop may be a single one); so
 * there is a bound: beyond it, what was not used for the longest time is copied into JavaScript-owned memory, where the
 * garbage collector finds it. The bound grows by what is wanted back.
 */
export class Nursery {
  readonly memory: WebAssembly.Memory;
  readonly #allocator: Allocator;
  readonly #most: number;
  #limit = LEAST_BYTES;
  /** Bytes of residents and of free blocks. */
  #bytes = 0;
  #counted = 0;
  #run = 0;
  /** Blocks that can be used again, by size, the one used last at the end. */
  readonly #free = new Map<number, number[]>();
  /** The queue of those that may have to leave. */
  #first: Resident | null = null;
  #last: Resident | null = null;

  constructor(memory: WebAssembly.Memory, allocator: Allocator, maximumBytes: number) {
    this.memory = memory;
    this.#allocator = allocator;
    this.#most = Math.min(MOST_BYTES, maximumBytes / 8);
  }

  /** Bytes that it has taken from the device's memory. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Begins a run: whatever it touches stays until the next. */
  beginRun(): void {
    this.#run++;
  }

  /** Address of a storage that resides here, or `null`. */
  find(storage: Storage): number | null {
    const { residence } = storage;
    if (!(residence instanceof Resident) || residence.nursery !== this) return null;
    residence.lastRun = this.#run;
    return residence.address;
  }

  /** Brings a storage here, and returns its address. */
  bring(storage: Storage): number {
    const bytes = storage.length * bytesPerElement(storage.dtype);
    if (storage.evicted) this.#limit = Math.min(this.#limit + bytes, this.#most);
    storage.evicted = false;
    const host = storage.host();
    const resident = this.allocate(bytes);
    this.settle(resident, storage);
    resident.view().set(host as never);
    return resident.address;
  }

  /** Memory for a storage, which is to settle there. */
  allocate(bytes: number): Resident {
    const size = sizeOfBlock(bytes);
    const address = this.#free.get(size)?.pop() ?? this.#take(size);
    return new Resident(this, address, size, this.#run);
  }

  settle(resident: Resident, storage: Storage): void {
    storage.resideAt(resident);
    resident.storage = storage;
    this.#counted += resident.bytes;
    this.#enqueue(resident);
  }

  /** Takes back the memory of a resident whose storage has left, or never settled. */
  remove(resident: Resident): void {
    if (resident.storage) {
      resident.storage = null;
      this.#counted -= resident.bytes;
      this.#dequeue(resident);
    }
    const free = this.#free.get(resident.bytes);
    if (free) free.push(resident.address);
    else this.#free.set(resident.bytes, [resident.address]);
  }

  /** Copies everything that is here alone into JavaScript-owned memory. */
  clear(): void {
    while (this.#first) this.#evict(this.#first);
    this.#releaseUpTo(0);
  }

  #take(size: number): number {
    this.#makeRoom(size);
    const again = this.#free.get(size)?.pop();
    if (again !== undefined) return again;
    this.#releaseUpTo(WITH_FREE * this.#limit - size);
    const address = this.#allocate(size);
    this.#bytes += size;
    return address;
  }

  #allocate(size: number): number {
    try {
      return this.#allocator.allocate(size);
    } catch (error) {
      // The device is full: what is here may have to go.
      const before = this.#bytes;
      this.#makeRoom(this.#limit);
      this.#releaseUpTo(0);
      if (this.#bytes === before) throw error;
      return this.#allocator.allocate(size);
    }
  }

  /** Makes residents leave until `size` bytes more are within the limit, in the order of their last use. */
  #makeRoom(size: number): void {
    while (this.#first && this.#counted + size > this.#limit) {
      const resident = this.#first;
      if (resident.queuedAt >= this.#run) return;
      if (resident.lastRun > resident.queuedAt) {
        // Used since it queued, perhaps by this run: to the end.
        resident.queuedAt = resident.lastRun;
        this.#dequeue(resident);
        this.#enqueue(resident);
      } else this.#evict(resident);
    }
  }

  #evict(resident: Resident): void {
    resident.storage?.evict();
    this.remove(resident);
  }

  /** Hands free blocks back to the device, until no more than `limit` bytes are taken or none is free. */
  #releaseUpTo(limit: number): void {
    for (const [size, addresses] of this.#free) {
      while (this.#bytes > limit && addresses.length > 0) {
        this.#allocator.free(addresses.pop() as number, size);
        this.#bytes -= size;
      }
      if (this.#bytes <= limit) return;
    }
  }

  #enqueue(resident: Resident): void {
    resident.previous = this.#last;
    resident.next = null;
    if (this.#last) this.#last.next = resident;
    else this.#first = resident;
    this.#last = resident;
  }

  #dequeue(resident: Resident): void {
    const { previous, next } = resident;
    if (previous) previous.next = next;
    else this.#first = next;
    if (next) next.previous = previous;
    else this.#last = previous;
    resident.previous = null;
    resident.next = null;
  }
}

/** One of four sizes an octave, so that blocks fit again although shapes differ a little. */
function sizeOfBlock(bytes: number): number {
  if (bytes <= 256) return Math.max(64, (bytes + 63) & ~63);
  const step = 2 ** (29 - Math.clz32(bytes - 1));
  return Math.ceil(bytes / step) * step;
}
