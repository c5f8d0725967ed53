import { type Device, type DeviceBuffer, type DType, type TypedArray, viewOf } from "@graftjs/tensor";

/** Elements in the device's memory. A view stays valid when the memory grows, because shared memory does not move. */
export class Buffer implements DeviceBuffer {
  readonly device: Device;
  readonly address: number;
  readonly #view: TypedArray;

  constructor(device: Device, memory: WebAssembly.Memory, address: number, dtype: DType, length: number) {
    this.device = device;
    this.address = address;
    this.#view = viewOf(dtype, memory.buffer, address, length);
  }

  view(): TypedArray {
    return this.#view;
  }

  read(): Promise<TypedArray> {
    return Promise.resolve(this.#view.slice());
  }

  write(data: TypedArray): void {
    this.#view.set(data as never);
  }
}
