import type { Tensor } from "@graftjs/tensor";
import type { LSTMState } from "./lstm.ts";
import { type CellOptions, RecurrentCell } from "./recurrentCell.ts";
import { lstmStep } from "./recurrentSteps.ts";

/**
 * One step of {@link LSTM}: x [N, inputSize] and [h, c], by default 0, give the next [h, c], each [N, H]; also without N.
 * Parameters: see {@link RecurrentCell}, with four gates in the order i, f, g, o.
 * Source: https://pytorch.org/docs/stable/generated/torch.nn.LSTMCell.html
 *
 * @example
 * ```ts
 * import { LSTMCell } from "@graftjs/nn";
 * import { ones } from "@graftjs/tensor";
 *
 * const [hidden, cell] = new LSTMCell(8, 6).forward(ones([2, 8]));
 * console.log(hidden.shape, cell.shape); // [2, 6] [2, 6]
 * ```
 */
export class LSTMCell extends RecurrentCell<LSTMState> {
  constructor(inputSize: number, hiddenSize: number, options: CellOptions = {}) {
    super("LSTMCell", [inputSize, hiddenSize], 4, options);
  }

  forward(x: Tensor, state?: LSTMState): LSTMState {
    return this.advance(x, state ?? [undefined, undefined]) as unknown as LSTMState;
  }

  protected override step(
    fromInput: Tensor,
    fromHidden: Tensor,
    [, cell]: readonly [Tensor, Tensor],
  ): readonly Tensor[] {
    return lstmStep(fromInput, fromHidden, cell);
  }
}
