import type { Tensor } from "@graftjs/tensor";
import { type CellOptions, RecurrentCell } from "./recurrentCell.ts";
import { gruStep } from "./recurrentSteps.ts";

/**
 * One step of {@link GRU}: x [N, inputSize] and h [N, H], by default 0, give the next h [N, H]; also without N.
 * Parameters: see {@link RecurrentCell}, with three gates in the order r, z, n.
 * Source: https://pytorch.org/docs/stable/generated/torch.nn.GRUCell.html
 *
 * @example
 * ```ts
 * import { GRUCell } from "@graftjs/nn";
 * import { ones } from "@graftjs/tensor";
 *
 * const cell = new GRUCell(8, 6);
 * console.log(cell.forward(ones([2, 8]), cell.forward(ones([2, 8]))).shape); // [2, 6]
 * ```
 */
export class GRUCell extends RecurrentCell<Tensor> {
  constructor(inputSize: number, hiddenSize: number, options: CellOptions = {}) {
    super("GRUCell", [inputSize, hiddenSize], 3, options);
  }

  forward(x: Tensor, hidden?: Tensor): Tensor {
    return this.advance(x, [hidden])[0] as Tensor;
  }

  protected override step(fromInput: Tensor, fromHidden: Tensor, [hidden]: readonly [Tensor]): readonly Tensor[] {
    return [gruStep(fromInput, fromHidden, hidden)];
  }
}
