import { ArgumentError, matmul, type Tensor } from "@graftjs/tensor";
import { linear } from "./linear.ts";
import { type DirectionWeights, Recurrent, type RecurrentOptions } from "./recurrent.ts";
import { lstmStep } from "./recurrentSteps.ts";

/** Options of {@link LSTM}. */
export interface LSTMOptions extends RecurrentOptions {
  /** Features that h is projected to, less than `hiddenSize`. Default 0: it is not. */
  readonly projSize?: number;
}

/** What an LSTM carries along: hidden and cell state. */
export type LSTMState = readonly [hidden: Tensor, cell: Tensor];

/**
 * Long short-term memory: of W_ih · xₜ + b_ih + W_hh · hₜ₋₁ + b_hh with its parts i, f, g, o,
 * cₜ = σ(f) · cₜ₋₁ + σ(i) · tanh(g), hₜ = σ(o) · tanh(cₜ), and, with `projSize`, hₜ = W_hr · hₜ.
 * `forward(x, [h0, c0]?)` of x [L, N, inputSize] gives output [L, N, directions · H] and the last [h, c], each
 * [layers · directions, N, H]; with `projSize` output and h have that many features, and c has H.
 * Parameters: see {@link Recurrent}, with four gates in the order i, f, g, o; `weight_hr_lk` [projSize, H] too.
 *
 * Differs from PyTorch: no packed sequences; of samples of different lengths, mask or slice the output.
 * @throws {ArgumentError} unless 0 <= projSize < hiddenSize. @throws {ShapeError} if input or state have another shape.
 * Source: Hochreiter & Schmidhuber 1997, https://doi.org/10.1162/neco.1997.9.8.1735;
 * https://pytorch.org/docs/stable/generated/torch.nn.LSTM.html
 *
 * @example
 * ```ts
 * import { LSTM } from "@graftjs/nn";
 * import { ones } from "@graftjs/tensor";
 *
 * const lstm = new LSTM(8, 6, { numLayers: 2 });
 * const [output, [hidden, cell]] = lstm.forward(ones([5, 2, 8])); // five steps of two sequences
 * console.log(output.shape, hidden.shape, cell.shape); // [5, 2, 6] [2, 2, 6] [2, 2, 6]
 * ```
 */
export class LSTM extends Recurrent<LSTMState> {
  readonly projSize: number;

  constructor(inputSize: number, hiddenSize: number, options: LSTMOptions = {}) {
    const { projSize = 0 } = options;
    if (!(Number.isInteger(projSize) && projSize >= 0 && projSize < hiddenSize)) {
      throw new ArgumentError({ op: "LSTM", expected: `projSize in [0, ${hiddenSize})`, got: String(projSize) });
    }
    super({ op: "LSTM", inputSize, hiddenSize, gates: 4, projSize }, options);
    this.projSize = projSize;
  }

  protected override step(
    input: Tensor,
    [hidden, cell]: readonly [Tensor, Tensor],
    weights: DirectionWeights,
  ): readonly Tensor[] {
    const [h, c] = lstmStep(input, linear(hidden, weights.hidden, weights.hiddenBias), cell);
    return [weights.projection ? matmul(h, weights.projection, { transposeB: true }) : h, c];
  }

  protected override partsOf(state: LSTMState): readonly Tensor[] {
    return state;
  }

  protected override stateOf([hidden, cell]: readonly [Tensor, Tensor]): LSTMState {
    return [hidden, cell];
  }

  protected override stateFeatures(): readonly number[] {
    return [this.projSize || this.hiddenSize, this.hiddenSize];
  }
}
