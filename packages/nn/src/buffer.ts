import { Tensor } from "@graftjs/tensor";

/**
 * A tensor that belongs to a module's state without being trained, such as a running mean. As a field of a
 * {@link Module} it is one of the module's buffers. It shares memory with the tensor that it is made of.
 * @throws {TraceError} inside of a compiled function.
 * Source: https://pytorch.org/docs/stable/generated/torch.nn.parameter.Buffer.html
 *
 * @example
 * ```ts
 * import { Buffer, Module } from "@graftjs/nn";
 * import { add, tensor, type Tensor } from "@graftjs/tensor";
 *
 * class Counter extends Module {
 *   steps = new Buffer(tensor(0));
 *   forward(x: Tensor) {
 *     this.steps.assign(add(this.steps, 1));
 *     return x;
 *   }
 * }
 * const counter = new Counter();
 * counter.forward(tensor([1]));
 * console.log(counter.stateDict().steps?.item()); // 1
 * ```
 */
export class Buffer extends Tensor {
  readonly role = "buffer";

  constructor(values: Tensor) {
    super(values.shape, values.dtype, values.storage);
  }
}

/**
 * Whether `x` is a buffer, of this or another installed copy of the package.
 *
 * @example
 * ```ts
 * import { Buffer, isBuffer } from "@graftjs/nn";
 * import { tensor } from "@graftjs/tensor";
 *
 * console.log(isBuffer(new Buffer(tensor([1]))), isBuffer(tensor([1]))); // true false
 * ```
 */
export function isBuffer(x: unknown): x is Buffer {
  return typeof x === "object" && x !== null && "role" in x && x.role === "buffer";
}
