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

/** Whether `error` was thrown on purpose by Graft; works across several installed copies. */
export function isGraftError(error: unknown): error is GraftError {
  return typeof error === "object" && error !== null && "brand" in error && error.brand === "@graftjs/error";
}

function sentence({ op, expected, got, help }: ErrorDetails): string {
  return `${op}: expected ${expected}, got ${got}.${help === undefined ? "" : ` ${help}`}`;
}

type Mismatch = Required<Pick<ErrorDetails, "op" | "expected" | "got">> & Pick<ErrorDetails, "help">;

/** Shapes, axes or ranks that do not fit the operation. */
export class ShapeError extends GraftError {
  constructor(details: Mismatch) {
    super(sentence(details), details);
  }
}

/** A dtype that the operation does not take. */
export class DTypeError extends GraftError {
  constructor(details: Mismatch) {
    super(sentence(details), details);
  }
}

/** An argument outside its documented range. */
export class ArgumentError extends GraftError {
  constructor(details: Mismatch) {
    super(sentence(details), details);
  }
}

/** `backward` or `gradients` asked of something that has no gradient. */
export class AutogradError extends GraftError {}

/** A traced tensor used as if it had a value, or a compiled function used in a way that tracing cannot follow. */
export class TraceError extends GraftError {}

/** The device cannot do what was asked of it. */
export class DeviceError extends GraftError {}
