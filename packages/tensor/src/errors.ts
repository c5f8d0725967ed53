/** What every error of Graft carries besides its message: a stable code, and the parts of the message as data. */
export interface ErrorDetails {
  /** The operation that failed, in the words of the public API (`"conv2d"`, `"compile"`). */
  readonly op?: string;
  /** What would have been accepted. */
  readonly expected?: string;
  /** What came instead. */
  readonly got?: string;
  /** What to do about it. */
  readonly help?: string;
}

/**
 * The base of all errors that Graft throws on purpose. The message is one sentence that names operation, expectation,
 * what came, and what to do; the same parts are fields.
 *
 * @example
 * ```ts
 * import { GraftError, isGraftError } from "@graftjs/tensor";
 *
 * class LabelError extends GraftError {}
 * const error = new LabelError("No label is called cat.", { expected: "dog or bird", got: "cat" });
 * console.log(error.name, error.expected, isGraftError(error)); // "LabelError" "dog or bird" true
 * ```
 */
export class GraftError extends Error {
  /** Recognises errors across several installed copies of this package. */
  readonly brand = "@graftjs/error";
  readonly op: string | undefined;
  readonly expected: string | undefined;
  readonly got: string | undefined;
  readonly help: string | undefined;

  constructor(message: string, details: ErrorDetails = {}, options?: ErrorOptions) {
    super(message, options);
    this.name = new.target.name;
    this.op = details.op;
    this.expected = details.expected;
    this.got = details.got;
    this.help = details.help;
  }
}

/**
 * Whether `error` was thrown on purpose by Graft; works across several installed copies.
 *
 * @example
 * ```ts
 * import { isGraftError, ones, reshape } from "@graftjs/tensor";
 *
 * try {
 *   reshape(ones([6]), [4]);
 * } catch (error) {
 *   if (isGraftError(error)) console.log(error.op, error.got); // "reshape" "[4]"
 * }
 * ```
 */
export function isGraftError(error: unknown): error is GraftError {
  return typeof error === "object" && error !== null && "brand" in error && error.brand === "@graftjs/error";
}

function sentence({ op, expected, got, help }: ErrorDetails): string {
  return `${op}: expected ${expected}, got ${got}.${help === undefined ? "" : ` ${help}`}`;
}

type Mismatch = Required<Pick<ErrorDetails, "op" | "expected" | "got">> & Pick<ErrorDetails, "help">;

/**
 * Shapes, axes or ranks that do not fit the operation.
 *
 * @example
 * ```ts
 * import { matmul, ones, ShapeError } from "@graftjs/tensor";
 *
 * try {
 *   matmul(ones([2, 3]), ones([4, 5]));
 * } catch (error) {
 *   if (error instanceof ShapeError) console.log(error.op, error.got); // "matmul" "[2, 3] and [4, 5]"
 * }
 * ```
 */
export class ShapeError extends GraftError {
  constructor(details: Mismatch) {
    super(sentence(details), details);
  }
}

/**
 * A dtype that the operation does not take.
 *
 * @example
 * ```ts
 * import { DTypeError, oneHot, tensor } from "@graftjs/tensor";
 *
 * try {
 *   oneHot(tensor([1, 0]), 2);
 * } catch (error) {
 *   if (error instanceof DTypeError) console.log(error.message); // "oneHot: expected int32 indices, got float32."
 * }
 * ```
 */
export class DTypeError extends GraftError {
  constructor(details: Mismatch) {
    super(sentence(details), details);
  }
}

/**
 * An argument outside its documented range.
 *
 * @example
 * ```ts
 * import { ArgumentError, avgPool2d, ones } from "@graftjs/tensor";
 *
 * try {
 *   avgPool2d(ones([1, 4, 4]), 0);
 * } catch (error) {
 *   if (error instanceof ArgumentError) console.log(error.message); // "avgPool2d: expected kernel size, stride and dilation >= 1…"
 * }
 * ```
 */
export class ArgumentError extends GraftError {
  constructor(details: Mismatch) {
    super(sentence(details), details);
  }
}

/**
 * `backward` or `gradients` asked of something that has no gradient.
 *
 * @example
 * ```ts
 * import { AutogradError, tensor } from "@graftjs/tensor";
 *
 * try {
 *   tensor(1).backward();
 * } catch (error) {
 *   if (error instanceof AutogradError) console.log(error.message); // "backward: this tensor does not depend on…"
 * }
 * ```
 */
export class AutogradError extends GraftError {}

/**
 * A traced tensor used as if it had a value, or a compiled function used in a way that tracing cannot follow.
 *
 * @example
 * ```ts
 * import { compile, mul, tensor, type Tensor, TraceError } from "@graftjs/tensor";
 *
 * const double = compile((x: Tensor) => mul(x, x.item()));
 * try {
 *   double(tensor(2));
 * } catch (error) {
 *   if (error instanceof TraceError) console.log(error.message); // "This tensor is part of a compiled function…"
 * }
 * ```
 */
export class TraceError extends GraftError {}

/**
 * The device cannot do what was asked of it.
 *
 * @example
 * ```ts
 * import { DeviceError, isGraftError } from "@graftjs/tensor";
 *
 * const error = new DeviceError("The device has 4 GiB, 6 GiB were asked for.", { help: "Use a smaller batch." });
 * console.log(error.help, isGraftError(error)); // "Use a smaller batch." true
 * ```
 */
export class DeviceError extends GraftError {}
