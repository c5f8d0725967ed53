import type { Tensor } from "@graftjs/tensor";
import { ArgumentError } from "@graftjs/tensor";
import { linear } from "./linear.ts";
import { type DirectionWeights, Recurrent, type RecurrentOptions } from "./recurrent.ts";
import { type Nonlinearity, rnnStep } from "./recurrentSteps.ts";

/** Options of {@link RNN}. */
export interface RNNOptions extends RecurrentOptions {
  /** Default `tanh`. */
  readonly nonlinearity?: Nonlinearity;
}

/** @throws {ArgumentError} for another word. */
export function checkNonlinearity(op: string, nonlinearity: string): void {
  if (nonlinearity !== "tanh" && nonlinearity !== "relu") {
    throw new ArgumentError({ op, expected: "nonlinearity tanh or relu", got: nonlinearity });
  }
}

/**
 * Elman's recurrent layers: hₜ = tanh(W_ih · xₜ + b_ih + W_hh · hₜ₋₁ + b_hh), or, with `nonlinearity`, its ReLU.
 * `forward(x, h0?)` of x [L, N, inputSize] gives output [L, N, directions · H] and the last h [layers · directions, N, H].
 * Parameters: see {@link Recurrent}, with one gate.
 *
 * Differs from PyTorch: no packed sequences; of samples of different lengths, mask or slice the output.
 * @throws {ShapeError} if input or state have another shape.
 * Source: https://pytorch.org/docs/stable/generated/torch.nn.RNN.html
 *
 * @example
 * ```ts
 * import { RNN } from "@graftjs/nn";
 * import { ones } from "@graftjs/tensor";
 *
 * const [output, hidden] = new RNN(8, 6).forward(ones([5, 2, 8]));
 * console.log(output.shape, hidden.shape); // [5, 2, 6] [1, 2, 6]
 * ```
 */
export class RNN extends Recurrent<Tensor> {
  readonly nonlinearity: Nonlinearity;

  constructor(inputSize: number, hiddenSize: number, options: RNNOptions = {}) {
    super({ op: "RNN", inputSize, hiddenSize, gates: 1 }, options);
    const { nonlinearity = "tanh" } = options;
    checkNonlinearity("RNN", nonlinearity);
    this.nonlinearity = nonlinearity;
  }

  protected override step(input: Tensor, [hidden]: readonly [Tensor], weights: DirectionWeights): readonly Tensor[] {
    return [rnnStep(input, linear(hidden, weights.hidden, weights.hiddenBias), this.nonlinearity)];
  }

  protected override partsOf(state: Tensor): readonly Tensor[] {
    return [state];
  }

  protected override stateOf([hidden]: readonly [Tensor]): Tensor {
    return hidden;
  }
}
