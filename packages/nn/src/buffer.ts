import { Tensor } from "@graftjs/tensor";

/**
 * A tensor that belongs to a module's state without being trained, such as a running mean. As a field of a
 * {@link Module} it is one of the module's buffers. It shares memory with the tensor that it is made of.
 * @throws {TraceError} inside of a compiled function.
 * Source: https://pytorch.org/docs/stable/generated/torch.nn.parameter.Buffer.html
 */
export class Buffer extends Tensor {
  readonly role = "buffer";

  constructor(values: Tensor) {
    super(values.shape, values.dtype, values.storage);
  }
}

/** Whether `x` is a buffer, of this or another installed copy of the package. */
export function isBuffer(x: unknown): x is Buffer {
  return typeof x === "object" && x !== null && "role" in x && x.role === "buffer";
}
