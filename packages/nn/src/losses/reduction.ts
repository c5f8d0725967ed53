import { ArgumentError, equalShapes, formatShape, mean, ShapeError, sum, type Tensor } from "@graftjs/tensor";

/** What becomes of the losses of the elements: their mean, their sum, or nothing (`none`). */
export type Reduction = "mean" | "sum" | "none";

/** What all losses take. */
export interface LossOptions {
  /** Default `mean`. */
  readonly reduction?: Reduction;
}

export function reduce(op: string, losses: Tensor, reduction: Reduction = "mean"): Tensor {
  checkReduction(op, reduction);
  return reduction === "mean" ? mean(losses) : reduction === "sum" ? sum(losses) : losses;
}

/** @throws {ArgumentError} for another word. */
export function checkReduction(op: string, reduction: string): void {
  if (!["mean", "sum", "none"].includes(reduction)) {
    throw new ArgumentError({ op, expected: "reduction mean, sum or none", got: reduction });
  }
}

/** @throws {ShapeError} unless both have one shape: losses do not broadcast. */
export function checkSameShape(op: string, input: Tensor, target: Tensor): void {
  if (!equalShapes(input.shape, target.shape)) {
    throw new ShapeError({
      op,
      expected: `a target of the input's shape ${formatShape(input.shape)}`,
      got: formatShape(target.shape),
    });
  }
}
