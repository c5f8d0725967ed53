import type { Device, DeviceBuffer } from "./device/contract.ts";
import { allocate, type DType, type TypedArray } from "./dtype.ts";
import { DeviceError } from "./errors.ts";

/**
 * The elements of a tensor. They lie in JavaScript-owned memory until a compiled program keeps them on its device;
 * from then on the device's copy is the only one. `version` counts the writes.
 */
export class Storage {
  readonly dtype: DType;
  readonly length: number;
  #host: TypedArray | null;
  #buffer: DeviceBuffer | null = null;
  #version = 0;

  /** Takes ownership of `data`. */
  constructor(dtype: DType, data: TypedArray) {
    this.dtype = dtype;
    this.length = data.length;
    this.#host = data;
  }

  get version(): number {
    return this.#version;
  }

  /** The elements, without a copy; not to be written to. @throws {DeviceError} if the device is only readable by `read`. */
  host(): TypedArray {
    const view = this.#host ?? this.#buffer?.view();
    if (!view) {
      throw new DeviceError(
        `The memory of ${this.#buffer?.device.name} cannot be read at once; use \`await tensor.read()\`.`,
      );
    }
    return view;
  }

  /** The same elements in memory of their own. @throws {DeviceError} as {@link host} does. */
  copy(): Storage {
    return new Storage(this.dtype, this.host().slice());
  }

  /** A copy of the elements, from whatever device holds them. */
  async read(): Promise<TypedArray> {
    return this.#buffer ? this.#buffer.read() : this.host().slice();
  }

  /** Replaces all elements. */
  write(data: TypedArray): void {
    if (this.#buffer) this.#buffer.write(data);
    else (this.#host as TypedArray).set(data as never);
    this.#version++;
  }

  /** Records that the device changed the elements itself. */
  touched(): void {
    this.#version++;
  }

  /** Moves the elements to `device`, where they stay, and returns where they lie. */
  placeOn(device: Device): DeviceBuffer {
    if (this.#buffer?.device === device) return this.#buffer;
    const buffer = device.allocate(this.dtype, this.length);
    buffer.write(this.host());
    this.#buffer = buffer;
    this.#host = null;
    return buffer;
  }

  /** The buffer that holds the elements, if a device does. */
  get buffer(): DeviceBuffer | null {
    return this.#buffer;
  }

  static zeros(dtype: DType, length: number): Storage {
    return new Storage(dtype, allocate(dtype, length));
  }
}
