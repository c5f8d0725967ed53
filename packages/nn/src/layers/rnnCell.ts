import type { Tensor } from "@graftjs/tensor";
import { type CellOptions, RecurrentCell } from "./recurrentCell.ts";
import { type Nonlinearity, rnnStep } from "./recurrentSteps.ts";
import { checkNonlinearity } from "./rnn.ts";

/** Options of {@link RNNCell}. */
export interface RNNCellOptions extends CellOptions {
  /** Default `tanh`. */
  readonly nonlinearity?: Nonlinearity;
}

/**
 * One step of {@link RNN}: x [N, inputSize] and h [N, H], by default 0, give the next h [N, H]; also without N.
 * Parameters: see {@link RecurrentCell}, with one gate.
 * Source: https://pytorch.org/docs/stable/generated/torch.nn.RNNCell.html
 *
 * @example
 * ```ts
 * import { RNNCell } from "@graftjs/nn";
 * import { ones } from "@graftjs/tensor";
 *
 * console.log(new RNNCell(8, 6, { nonlinearity: "relu" }).forward(ones([2, 8])).shape); // [2, 6]
 * ```
 */
export class RNNCell extends RecurrentCell<Tensor> {
  readonly nonlinearity: Nonlinearity;

  constructor(inputSize: number, hiddenSize: number, options: RNNCellOptions = {}) {
    super("RNNCell", [inputSize, hiddenSize], 1, options);
    const { nonlinearity = "tanh" } = options;
    checkNonlinearity("RNNCell", nonlinearity);
    this.nonlinearity = nonlinearity;
  }

  forward(x: Tensor, hidden?: Tensor): Tensor {
    return this.advance(x, [hidden])[0] as Tensor;
  }

  protected override step(fromInput: Tensor, fromHidden: Tensor): readonly Tensor[] {
    return [rnnStep(fromInput, fromHidden, this.nonlinearity)];
  }
}
