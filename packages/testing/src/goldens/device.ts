import { type Device, type Output, runtime, type Tensor, useDevice } from "@graftjs/tensor";

/** Makes a function of tensors ready to run: as it is, or compiled. */
export type Runner = <In extends readonly Tensor[], Out extends Output>(
  fn: (...inputs: In) => Out,
) => (...inputs: In) => Out;

/** Runs `fn` with `device` as the one of eager ops. */
export function onDevice<T>(device: Device, fn: () => T): T {
  const before = runtime().device;
  useDevice(device);
  try {
    return fn();
  } finally {
    useDevice(before);
  }
}
