import { add, expand, gather, mul, reshape, type Shape, type Tensor } from "@graftjs/tensor";

/** For each of some points [N, points] an element along an axis, or of flattened planes, and its weight; no weight is 1. */
export interface Tap {
  readonly index: Tensor;
  readonly weight: Tensor | null;
}

/** From the taps of each axis those of the flattened planes: one of each axis. */
export function combineTaps(axes: readonly (readonly Tap[])[], spatial: Shape): readonly Tap[] {
  return axes.reduce((taps, next, i) =>
    taps.flatMap((tap) =>
      next.map(({ index, weight }) => ({
        index: add(mul(tap.index, spatial[i] as number), index),
        weight: tap.weight && weight ? mul(tap.weight, weight) : (tap.weight ?? weight),
      })),
    ),
  );
}

/** The weighted elements of planes [N, C, elements] at the points: [N, C, points]. */
export function takeTap(planes: Tensor, { index, weight }: Tap): Tensor {
  const [batch, channels] = planes.shape as [number, number, number];
  const points = index.shape[1] as number;
  const taken = gather(planes, expand(reshape(index, [batch, 1, points]), [batch, channels, points]), 2);
  return weight ? mul(taken, reshape(weight, [batch, 1, points])) : taken;
}
