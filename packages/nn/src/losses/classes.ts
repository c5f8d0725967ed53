import {
  ArgumentError,
  arange,
  cast,
  type DType,
  DTypeError,
  equal,
  equalShapes,
  formatShape,
  logicalAnd,
  notEqual,
  reshape,
  runtime,
  type Shape,
  ShapeError,
  sum,
  type Tensor,
  unsqueeze,
  where,
} from "@graftjs/tensor";

/** The axis that classes lie along: 1 of [N, C, ...], 0 of [C]. */
export function classAxis(op: string, scores: Tensor): number {
  if (scores.rank === 0) throw new ShapeError({ op, expected: "[N, C, ...] or [C]", got: "[]" });
  return scores.rank === 1 ? 0 : 1;
}

/** Weights [C], as they multiply scores. @throws {ShapeError} if they are not one a class. */
export function alongClasses(op: string, weight: Tensor, scores: Tensor, axis: number): Tensor {
  const classes = scores.shape[axis] as number;
  if (!equalShapes(weight.shape, [classes])) {
    throw new ShapeError({ op, expected: `a weight for each class, [${classes}]`, got: formatShape(weight.shape) });
  }
  return reshape(weight, [classes, ...scores.shape.slice(axis + 1).map(() => 1)]);
}

/** Where the target's class is, as a bool tensor of the shape of the scores; nowhere if the class is to be ignored. */
export function targetMask(op: string, target: Tensor, scores: Tensor, axis: number, ignoreIndex: number): Tensor {
  const classes = scores.shape[axis] as number;
  const expected: Shape = scores.shape.filter((_, i) => i !== axis);
  if (target.dtype !== "int32") {
    throw new DTypeError({
      op,
      expected: "int32 class indices",
      got: target.dtype,
      help: "Convert with cast(target, 'int32').",
    });
  }
  if (!equalShapes(target.shape, expected)) {
    throw new ShapeError({
      op,
      expected: `class indices ${formatShape(expected)} for scores ${formatShape(scores.shape)}`,
      got: formatShape(target.shape),
    });
  }
  checkClasses(op, target, classes, ignoreIndex);
  const indices = reshape(arange(0, classes), [classes, ...scores.shape.slice(axis + 1).map(() => 1)]);
  const mask = equal(unsqueeze(target, axis), indices);
  // An index that is no class is nowhere anyway.
  if (ignoreIndex < 0 || ignoreIndex >= classes) return mask;
  return logicalAnd(mask, unsqueeze(notEqual(target, ignoreIndex), axis));
}

/** The sum of the weights of all targets, 1 each without weights: what a mean divides by. */
export function weightOf(mask: Tensor, weights: Tensor | undefined, dtype: DType): Tensor {
  return sum(weights ? where(mask, weights, 0) : cast(mask, dtype));
}

/** @throws {ArgumentError} if a target is no class. Only looks at what lies in memory: inside of a trace there are no values. */
function checkClasses(op: string, target: Tensor, classes: number, ignoreIndex: number): void {
  if (runtime().tracer || target.storage.buffer) return;
  const wrong = target.storage.host().find((c) => (c < 0 || c >= classes) && c !== ignoreIndex);
  if (wrong !== undefined) {
    throw new ArgumentError({
      op,
      expected: `class indices in [0, ${classes}), or ${ignoreIndex} to ignore`,
      got: String(wrong),
    });
  }
}
