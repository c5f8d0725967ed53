import type { Tensor } from "@graftjs/tensor";
import { linear } from "./linear.ts";
import { type DirectionWeights, Recurrent, type RecurrentOptions } from "./recurrent.ts";
import { gruStep } from "./recurrentSteps.ts";

/**
 * Gated recurrent units: with i = W_ih · xₜ + b_ih and g = W_hh · hₜ₋₁ + b_hh, each of three parts r, z, n,
 * r = σ(iᵣ + gᵣ), z = σ(i_z + g_z), n = tanh(iₙ + r · gₙ), hₜ = (1 - z) · n + z · hₜ₋₁.
 * `forward(x, h0?)` of x [L, N, inputSize] gives output [L, N, directions · H] and the last h [layers · directions, N, H].
 * Parameters: see {@link Recurrent}, with three gates in the order r, z, n.
 *
 * Differs from PyTorch: no packed sequences; of samples of different lengths, mask or slice the output.
 * @throws {ShapeError} if input or state have another shape.
 * Source: Cho et al. 2014, https://arxiv.org/abs/1406.1078; https://pytorch.org/docs/stable/generated/torch.nn.GRU.html
 *
 * @example
 * ```ts
 * import { GRU } from "@graftjs/nn";
 * import { ones } from "@graftjs/tensor";
 *
 * const gru = new GRU(8, 6, { batchFirst: true, bidirectional: true });
 * const [output, hidden] = gru.forward(ones([2, 5, 8]));
 * console.log(output.shape, hidden.shape); // [2, 5, 12] [2, 2, 6]
 * ```
 */
export class GRU extends Recurrent<Tensor> {
  constructor(inputSize: number, hiddenSize: number, options: RecurrentOptions = {}) {
    super({ op: "GRU", inputSize, hiddenSize, gates: 3 }, options);
  }

  protected override step(input: Tensor, [hidden]: readonly [Tensor], weights: DirectionWeights): readonly Tensor[] {
    return [gruStep(input, linear(hidden, weights.hidden, weights.hiddenBias), hidden)];
  }

  protected override partsOf(state: Tensor): readonly Tensor[] {
    return [state];
  }

  protected override stateOf([hidden]: readonly [Tensor]): Tensor {
    return hidden;
  }
}
