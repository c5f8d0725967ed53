import type { Device, DeviceBuffer } from "./device/contract.ts";
import { allocate, type DType, type TypedArray } from "./dtype.ts";
import { DeviceError } from "./errors.ts";

/**
 * A device's copy of the elements of a storage, which the device may take back ({@link Storage.evict}): results of eager
 * ops, and inputs that were brought to it.
 */
export interface Residence {
  /** The elements where they lie, without a copy. Not to be kept: the memory is used for something else later. */
  view(): TypedArray;
  /** Gives the memory back. */
  leave(): void;
}

/**
 * The elements of a tensor. They lie in JavaScript-owned memory, or, as long as it pleases a device, in its memory alone
 * or as well; until a compiled program keeps them on its device: from then on the device's copy is the only one.
 * `version` counts the writes.
 *
 * @example
 * ```ts
 * import { Storage } from "@graftjs/tensor";
 *
 * const storage = new Storage("float32", Float32Array.of(1, 2));
 * storage.write(Float32Array.of(3, 4));
 * console.log(storage.toArray(), storage.version); // [3, 4] 1
 * ```
 */
export class Storage {
  readonly dtype: DType;
  readonly length: number;
  /** Whether a device that had the only copy has taken it back. */
  evicted = false;
  #host: TypedArray | null;
  #residence: Residence | null = null;
  #buffer: DeviceBuffer | null = null;
  #version = 0;

  /** Takes ownership of `data`; `null`: the elements lie in the device's memory, until that is taken back. */
  constructor(dtype: DType, data: TypedArray | null, length: number = data?.length ?? 0) {
    this.dtype = dtype;
    this.length = length;
    this.#host = data;
  }

  get version(): number {
    return this.#version;
  }

  /** The elements, without a copy; not to be written to. @throws {DeviceError} if the device is only readable by `read`. */
  host(): TypedArray {
    if (this.#host) return this.#host;
    if (this.#residence) {
      this.#host = this.#residence.view().slice();
      return this.#host;
    }
    return this.#view();
  }

  /** A copy of the elements. @throws {DeviceError} as {@link host} does. */
  toArray(): TypedArray {
    return this.#view().slice();
  }

  /** The same elements in memory of their own. @throws {DeviceError} as {@link host} does. */
  copy(): Storage {
    return new Storage(this.dtype, this.toArray());
  }

  /** A copy of the elements, from whatever device holds them. */
  async read(): Promise<TypedArray> {
    return this.#buffer ? this.#buffer.read() : this.toArray();
  }

  /** Replaces all elements. */
  write(data: TypedArray): void {
    if (this.#buffer) this.#buffer.write(data);
    else {
      this.#host ??= allocate(this.dtype, this.length);
      this.#host.set(data as never);
      this.#leave();
    }
    this.#version++;
  }

  /** Replaces all elements by those of `other`. */
  assign(other: Storage): void {
    this.write(other.#view());
  }

  /** Records that the device changed the elements itself. */
  touched(): void {
    this.#version++;
  }

  /** Moves the elements to `device`, where they stay, and returns where they lie. */
  placeOn(device: Device): DeviceBuffer {
    if (this.#buffer?.device === device) return this.#buffer;
    const buffer = device.allocate(this.dtype, this.length);
    buffer.write(this.#view());
    this.#leave();
    this.#buffer = buffer;
    this.#host = null;
    return buffer;
  }

  /** The buffer that holds the elements, if a device does for good. */
  get buffer(): DeviceBuffer | null {
    return this.#buffer;
  }

  /** The copy that a device has for the time being. */
  get residence(): Residence | null {
    return this.#residence;
  }

  /** Takes note of a copy that a device has now; of an earlier one no longer. */
  resideAt(residence: Residence): void {
    this.#leave();
    this.#residence = residence;
  }

  /** For the device that takes its copy back: saves the elements, if there is no other copy. */
  evict(): void {
    if (!this.#host) {
      this.#host = (this.#residence as Residence).view().slice();
      this.evicted = true;
    }
    this.#residence = null;
  }

  /** Gives back what a device has lent. The elements are lost if they lie nowhere else: for storages that nobody has. */
  discard(): void {
    this.#leave();
  }

  #leave(): void {
    const residence = this.#residence;
    this.#residence = null;
    residence?.leave();
  }

  #view(): TypedArray {
    const view = this.#host ?? this.#residence?.view() ?? this.#buffer?.view();
    if (view) return view;
    if (this.#buffer) {
      throw new DeviceError(
        `The memory of ${this.#buffer.device.name} cannot be read at once; use \`await tensor.read()\`.`,
      );
    }
    throw new DeviceError("This tensor was internal to backward, whose memory has been used for something else since.");
  }

  static zeros(dtype: DType, length: number): Storage {
    return new Storage(dtype, allocate(dtype, length));
  }
}
