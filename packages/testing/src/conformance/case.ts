import { compile, type Device, runtime, type Tensor, useDevice } from "@graftjs/tensor";
import type { Tolerance } from "../closeTo.ts";

/** A function of tensors that must come to the same on every device. */
export interface Case {
  readonly name: string;
  readonly fn: (...inputs: Tensor[]) => readonly Tensor[];
  readonly inputs: readonly Tensor[];
  /** Why it is more than the default is said where it is. */
  readonly tolerance?: Tolerance;
}

/** Runs `fn` as one program on `device`. */
export function runCompiled(device: Device, { fn, inputs }: Case): readonly Tensor[] {
  return compile(fn, { device })(...inputs);
}

/** Runs `fn` op by op on `device`. */
export function runEager(device: Device, { fn, inputs }: Case): readonly Tensor[] {
  return onDevice(device, () => fn(...inputs));
}

/** Runs `body` with `device` as the one of eager ops. */
export function onDevice<T>(device: Device, body: () => T): T {
  const before = runtime().device;
  useDevice(device);
  try {
    return body();
  } finally {
    useDevice(before);
  }
}

/** Ends the workers of a device that has some. */
export function close(device: Device): void {
  if ("close" in device && typeof device.close === "function") device.close();
}
