import { GraftError } from "@graftjs/tensor";

/**
 * A run was stopped through its signal. What was reached is in its store; running again with `resume` goes on from there.
 *
 * @example
 * ```ts
 * import { StoppedError } from "@graftjs/recipes";
 *
 * console.log(new StoppedError(3).message); // "Stopped in epoch 3. A checkpoint was written…"
 * ```
 */
export class StoppedError extends GraftError {
  constructor(epoch: number) {
    super(`Stopped in epoch ${epoch}. A checkpoint was written; the same command with resume goes on from it.`);
  }
}

/**
 * A checkpoint does not belong to the run that asked for it.
 *
 * @example
 * ```ts
 * import { ResumeError } from "@graftjs/recipes";
 * import { isGraftError } from "@graftjs/tensor";
 *
 * const error = new ResumeError("The checkpoint is of another data set.");
 * console.log(isGraftError(error)); // true
 * ```
 */
export class ResumeError extends GraftError {}

/**
 * A parameter or buffer that had to stay as it was has changed: a defect, never the user's fault.
 *
 * @example
 * ```ts
 * import { FrozenChangedError } from "@graftjs/recipes";
 *
 * const error = new FrozenChangedError(["conv1.weight"]);
 * console.log(error.names, error.message); // ["conv1.weight"] "Frozen tensors changed during training: conv1.weight."
 * ```
 */
export class FrozenChangedError extends GraftError {
  readonly names: readonly string[];

  constructor(names: readonly string[]) {
    super(`Frozen tensors changed during training: ${names.slice(0, 5).join(", ")}${names.length > 5 ? ", …" : ""}.`);
    this.names = names;
  }
}

/**
 * An engine computes other features than the model itself.
 *
 * @example
 * ```ts
 * import { EngineMismatchError } from "@graftjs/recipes";
 *
 * const error = new EngineMismatchError("onnxruntime-web 1.22", 0.25, 1e-4);
 * console.log(error.maxAbsError, error.message); // 0.25 "onnxruntime-web 1.22 computes other features than the model…"
 * ```
 */
export class EngineMismatchError extends GraftError {
  readonly maxAbsError: number;

  constructor(engine: string, maxAbsError: number, tolerance: number) {
    super(
      `${engine} computes other features than the model: they differ by ${maxAbsError.toExponential(1)}, more than ${tolerance.toExponential(1)}. Use the engine graft.`,
    );
    this.maxAbsError = maxAbsError;
  }
}

/**
 * A recipe was asked for something that the network cannot do.
 *
 * @example
 * ```ts
 * import { CapabilityError } from "@graftjs/recipes";
 * import { isGraftError } from "@graftjs/tensor";
 *
 * const error = new CapabilityError("LoRA: the network has no linear layers.");
 * console.log(isGraftError(error), error.message); // true "LoRA: …"
 * ```
 */
export class CapabilityError extends GraftError {}
