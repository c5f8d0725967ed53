import { Tensor } from "@graftjs/tensor";

/** Options of {@link Parameter}. */
export interface ParameterOptions {
  /** Whether the parameter is trained. Default `true`. */
  readonly requiresGrad?: boolean;
}

/**
 * A tensor that is trained: as a field of a {@link Module} it is one of the module's parameters. It shares memory with
 * the tensor that it is made of. A frozen parameter is one with `requiresGrad = false`.
 * @throws {AutogradError} if the tensor is not float. @throws {TraceError} inside of a compiled function.
 * Source: https://pytorch.org/docs/stable/generated/torch.nn.parameter.Parameter.html
 *
 * @example
 * ```ts
 * import { Module, Parameter } from "@graftjs/nn";
 * import { mul, sum, tensor, type Tensor } from "@graftjs/tensor";
 *
 * class Scale extends Module {
 *   factor = new Parameter(tensor([2]));
 *   forward(x: Tensor) {
 *     return mul(x, this.factor);
 *   }
 * }
 * const scale = new Scale();
 * sum(scale.forward(tensor([3, 4]))).backward();
 * console.log(scale.factor.grad?.toNested()); // [7]
 * ```
 */
export class Parameter extends Tensor {
  readonly role = "parameter";

  constructor(values: Tensor, options: ParameterOptions = {}) {
    super(values.shape, values.dtype, values.storage, { requiresGrad: options.requiresGrad ?? true });
  }
}

/**
 * Whether `x` is a parameter, of this or another installed copy of the package.
 *
 * @example
 * ```ts
 * import { isParameter, Linear } from "@graftjs/nn";
 * import { tensor } from "@graftjs/tensor";
 *
 * console.log(isParameter(new Linear(2, 1).weight), isParameter(tensor([1]))); // true false
 * ```
 */
export function isParameter(x: unknown): x is Parameter {
  return typeof x === "object" && x !== null && "role" in x && x.role === "parameter";
}
