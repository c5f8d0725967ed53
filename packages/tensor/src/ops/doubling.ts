import type { Tensor } from "../tensor.ts";
import { pad } from "./pad.ts";
import { slice } from "./slice.ts";

/**
 * A function of all elements so far along an axis: of the last 2, then 4, 8, … of them, so that it takes log₂ n passes.
 * @param neutral what changes nothing: it stands before the first element.
 */
export function doubling(x: Tensor, axis: number, fn: (a: Tensor, b: Tensor) => Tensor, neutral: number): Tensor {
  const size = x.shape[axis] as number;
  let y = x;
  for (let step = 1; step < size; step *= 2) {
    const before = pad(
      slice(y, axis, 0, size - step),
      x.shape.map((_, i) => [i === axis ? step : 0, 0]),
      { value: neutral },
    );
    y = fn(y, before);
  }
  return y;
}
