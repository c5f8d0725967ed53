import { ShapeError } from "../errors.ts";
import { formatShape } from "../shape.ts";
import type { Tensor } from "../tensor.ts";
import { squeeze, unsqueeze } from "./reshape.ts";

/** `fn` of `x` with a batch axis, which has `rank` axes then: one of size 1 comes and goes where `x` has none. */
export function batched(x: Tensor, rank: number, fn: (x: Tensor) => Tensor): Tensor {
  return x.rank === rank - 1 ? squeeze(fn(unsqueeze(x, 0)), 0) : fn(x);
}

/** {@link batched}, for a function of several results. */
export function batchedAll(x: Tensor, rank: number, fn: (x: Tensor) => readonly Tensor[]): readonly Tensor[] {
  return x.rank === rank - 1 ? fn(unsqueeze(x, 0)).map((y) => squeeze(y, 0)) : fn(x);
}

/** `fn` of [N, C, L] or [C, L] as planes [N, C, 1, L]. @throws {ShapeError} unless `x` is that. */
export function asPlanes(op: string, x: Tensor, fn: (planes: Tensor) => Tensor): Tensor {
  return asPlanesAll(op, x, (planes) => [fn(planes)])[0] as Tensor;
}

/** {@link asPlanes}, for a function of several results. */
export function asPlanesAll(op: string, x: Tensor, fn: (planes: Tensor) => readonly Tensor[]): readonly Tensor[] {
  if (x.rank !== 2 && x.rank !== 3)
    throw new ShapeError({ op, expected: "[N, C, L] or [C, L]", got: formatShape(x.shape) });
  return batchedAll(x, 3, (rows) => fn(unsqueeze(rows, 2)).map((y) => squeeze(y, 2)));
}
