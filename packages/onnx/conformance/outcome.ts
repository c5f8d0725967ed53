/** An operator that is not imported, and why. */
export interface Refusal {
  readonly opType: string;
  readonly reason: string;
}

/** How a case ended. A refusal says which operators are not supported; it is no failure. */
export type Outcome =
  | { readonly status: "passed" }
  | { readonly status: "failed"; readonly reason: string }
  | { readonly status: "refused"; readonly refusals: readonly Refusal[] };

/** One case of a suite: what to run, and where its files lie. */
export interface Case {
  readonly kind: "node" | "gradient" | "network";
  /** Name of its folder. */
  readonly name: string;
  /** Path of the folder with `model.onnx` and the data. */
  readonly path: string;
  /** Where the gradients lie, for the kind `gradient`. */
  readonly gradients?: string;
  readonly tolerance: Tolerance;
  /** Whether two runs give the same; else only shapes and types are compared. */
  readonly deterministic: boolean;
}

/** |got - expected| <= atol + rtol * |expected|. */
export interface Tolerance {
  readonly rtol: number;
  readonly atol: number;
}

/** A case's outcome, and the operators in its graph. */
export interface Result {
  readonly name: string;
  readonly operators: readonly string[];
  readonly outcome: Outcome;
}

export const passed: Outcome = { status: "passed" };

export function failed(reason: string): Outcome {
  return { status: "failed", reason };
}

export function refused(nodes: readonly Refusal[]): Outcome {
  return { status: "refused", refusals: nodes.map(({ opType, reason }) => ({ opType, reason })) };
}
