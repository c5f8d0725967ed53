import { gradients, type Tensor } from "@graftjs/tensor";

/** One measurement of the WASM device: a function that comes down to one kernel, on tensors that lie on the device. */
export interface Kernel {
  readonly name: string;
  readonly shapes: readonly (readonly number[])[];
  compute(...inputs: Tensor[]): Tensor;
  /** Multiplications and additions of one run. Without it, what counts is bytes: inputs once, result once. */
  readonly flops?: number;
  /** An input that is not read, only its shape. */
  readonly unread?: number;
}

/** The gradient of `compute` with respect to one of its inputs; its result's own gradient comes as a last input. */
export function gradient(kernel: Kernel, input: number, resultShape: readonly number[]): Kernel {
  return {
    ...kernel,
    shapes: [...kernel.shapes, resultShape],
    compute: (...tensors) => {
      const seed = tensors.at(-1) as Tensor;
      const target = tensors[input] as Tensor;
      target.requiresGrad = true;
      return gradients(kernel.compute(...tensors.slice(0, -1)), [target], { seed })[0] as Tensor;
    },
  };
}
