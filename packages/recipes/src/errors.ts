import { GraftError } from "@graftjs/tensor";

/** A run was stopped through its signal. What was reached is in its store; running again with `resume` goes on from there. */
export class StoppedError extends GraftError {
  constructor(epoch: number) {
    super(`Stopped in epoch ${epoch}. A checkpoint was written; the same command with resume goes on from it.`);
  }
}

/** A checkpoint does not belong to the run that asked for it. */
export class ResumeError extends GraftError {}

/** A parameter or buffer that had to stay as it was has changed: a defect, never the user's fault. */
export class FrozenChangedError extends GraftError {
  readonly names: readonly string[];

  constructor(names: readonly string[]) {
    super(`Frozen tensors changed during training: ${names.slice(0, 5).join(", ")}${names.length > 5 ? ", …" : ""}.`);
    this.names = names;
  }
}

/** An engine computes other features than the model itself. */
export class EngineMismatchError extends GraftError {
  readonly maxAbsError: number;

  constructor(engine: string, maxAbsError: number, tolerance: number) {
    super(
      `${engine} computes other features than the model: they differ by ${maxAbsError.toExponential(1)}, more than ${tolerance.toExponential(1)}. Use the engine graft.`,
    );
    this.maxAbsError = maxAbsError;
  }
}

/** A recipe was asked for something that the network cannot do. */
export class CapabilityError extends GraftError {}
