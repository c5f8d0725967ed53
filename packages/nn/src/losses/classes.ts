import {
  ArgumentError,
  arange,
  cast,
  DTypeError,
  equal,
  equalShapes,
  formatShape,
  mul,
  notEqual,
  reshape,
  runtime,
  type Shape,
  ShapeError,
  type Tensor,
  unsqueeze,
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

/** Target classes as 1 at the class and 0 elsewhere, of the shape of the scores; all 0 where the class is to be ignored. */
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
  const mask = cast(equal(unsqueeze(target, axis), indices), scores.dtype);
  // An index that is no class has no 1 anyway.
  if (ignoreIndex < 0 || ignoreIndex >= classes) return mask;
  return mul(mask, cast(unsqueeze(notEqual(target, ignoreIndex), axis), scores.dtype));
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
