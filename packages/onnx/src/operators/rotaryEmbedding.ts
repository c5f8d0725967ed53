import {
  add,
  concat,
  formatShape,
  indexSelect,
  mul,
  reshape,
  ShapeError,
  slice,
  stack,
  sub,
  type Tensor,
  unsqueeze,
} from "@graftjs/tensor";
import { defineOperator, type Inputs, int, type Operator } from "../operator.ts";
import { splitHeads } from "./heads.ts";

/**
 * Pairs of features turned by the angles of their position: (x₁, x₂) becomes (cos · x₁ - sin · x₂, sin · x₁ + cos · x₂).
 * The first `rotary_embedding_dim` features of each head turn (all, if 0); a pair are features half of that apart, or
 * neighbours where `interleaved`. Input [N, heads, L, E] or [N, L, heads · E].
 * https://onnx.ai/onnx/operators/onnx__RotaryEmbedding.html
 */
export const rotaryEmbeddingOperator: Operator = defineOperator({
  opType: "RotaryEmbedding",
  since: [23],
  attributes: { interleaved: int(0), rotary_embedding_dim: int(0), num_heads: int(undefined) },
  roles: { 1: "constant", 2: "constant" },
  import:
    ({ attributes: { interleaved, rotary_embedding_dim, num_heads } }) =>
    (inputs) => {
      const input = inputs.tensor(0);
      const flat = input.rank === 3;
      const x = flat ? splitHeads("RotaryEmbedding", input, num_heads) : input;
      const turning = rotary_embedding_dim || (x.shape[3] as number);
      const half = turning / 2;
      // The axis of heads, along which all turn alike.
      const heads = flat ? 2 : 1;
      const cos = unsqueeze(cache(inputs, 1, half), heads);
      const sin = unsqueeze(cache(inputs, 2, half), heads);
      const [first, second] = interleaved
        ? [slice(x, 3, 0, turning, 2), slice(x, 3, 1, turning, 2)]
        : [slice(x, 3, 0, half), slice(x, 3, half, turning)];
      const real = sub(mul(cos, first), mul(sin, second));
      const imaginary = add(mul(sin, first), mul(cos, second));
      const turned = interleaved
        ? reshape(stack([real, imaginary], -1), [...x.shape.slice(0, 3), turning])
        : concat([real, imaginary], 3);
      const y = turning === x.shape[3] ? turned : concat([turned, slice(x, 3, turning)], 3);
      return flat ? reshape(y, input.shape) : y;
    },
});

/** Cosines or sines [N, L, half], of the positions of input 3 where it is given. */
function cache(inputs: Inputs, i: number, half: number): Tensor {
  const given = inputs.tensor(i);
  if ((given.shape.at(-1) as number) < half) {
    const expected = `a cache of ${half} angles a position`;
    throw new ShapeError({ op: "RotaryEmbedding", expected, got: formatShape(given.shape) });
  }
  const angles = slice(given, -1, 0, half);
  if (!inputs.has(3)) return angles;
  const positions = inputs.tensor(3);
  return reshape(indexSelect(angles, reshape(positions, [positions.size]), 0), [...positions.shape, half]);
}
