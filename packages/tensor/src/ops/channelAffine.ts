import { ShapeError } from "../errors.ts";
import { formatShape } from "../shape.ts";
import type { Tensor } from "../tensor.ts";
import { add } from "./add.ts";
import { mul } from "./mul.ts";
import { reshape } from "./reshape.ts";

/** y · weight + bias per channel of [N, C, ...]. @throws {ShapeError} unless weight and bias are [C]. */
export function channelAffine(op: string, y: Tensor, weight: Tensor | null, bias: Tensor | null): Tensor {
  const [, channels] = y.shape as [number, number];
  const over = (t: Tensor): Tensor => {
    if (t.rank === 1 && t.size === channels) return reshape(t, [channels, ...y.shape.slice(2).map(() => 1)]);
    throw new ShapeError({ op, expected: `weight and bias [${channels}]`, got: formatShape(t.shape) });
  };
  const scaled = weight ? mul(y, over(weight)) : y;
  return bias ? add(scaled, over(bias)) : scaled;
}
