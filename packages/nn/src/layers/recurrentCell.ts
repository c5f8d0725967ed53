import {
  formatShape,
  type Generator,
  type Shape,
  ShapeError,
  squeeze,
  type Tensor,
  unsqueeze,
  zeros,
} from "@graftjs/tensor";
import { uniform } from "../init/distributions.ts";
import { Module } from "../module.ts";
import { Parameter } from "../parameter.ts";
import { linear } from "./linear.ts";

/** Options of {@link RecurrentCell}. */
export interface CellOptions {
  /** Default `true`. */
  readonly bias?: boolean;
  /** What the initial values are drawn from. */
  readonly generator?: Generator;
}

/**
 * One step of a recurrent layer. Parameters: `weight_ih` [gates · H, inputSize], `weight_hh` [gates · H, H], `bias_ih` and
 * `bias_hh` [gates · H], all at first drawn from U(-b, b), b = 1 / √H.
 *
 * @example
 * ```ts
 * import { GRUCell, LSTMCell, RNNCell } from "@graftjs/nn";
 *
 * const cells = [new RNNCell(8, 6), new GRUCell(8, 6), new LSTMCell(8, 6)];
 * console.log(cells.map((cell) => cell.weightHh.shape)); // [[6, 6], [18, 6], [24, 6]]
 * ```
 */
export abstract class RecurrentCell<State> extends Module<readonly [x: Tensor, state?: State], State> {
  readonly weightIh: Parameter;
  readonly weightHh: Parameter;
  readonly biasIh: Parameter | null;
  readonly biasHh: Parameter | null;
  readonly #op: string;

  constructor(op: string, [inputSize, hiddenSize]: readonly [number, number], gates: number, options: CellOptions) {
    super();
    this.#op = op;
    const { bias = true, generator } = options;
    const bound = 1 / Math.sqrt(hiddenSize);
    const draw = (shape: Shape) =>
      new Parameter(uniform(shape, { low: -bound, high: bound, ...(generator && { generator }) }));
    this.weightIh = draw([gates * hiddenSize, inputSize]);
    this.weightHh = draw([gates * hiddenSize, hiddenSize]);
    this.biasIh = bias ? draw([gates * hiddenSize]) : null;
    this.biasHh = bias ? draw([gates * hiddenSize]) : null;
  }

  /** The next state; all have a batch. */
  protected abstract step(fromInput: Tensor, fromHidden: Tensor, state: readonly Tensor[]): readonly Tensor[];

  /**
   * Takes x [N, inputSize], or [inputSize], and as many tensors [N, H], or [H], as a state has; `undefined` stands for 0.
   * @throws {ShapeError} if they have other shapes.
   */
  protected advance(x: Tensor, state: readonly (Tensor | undefined)[]): readonly Tensor[] {
    const batched = x.rank === 2;
    const [features, hidden] = [this.weightIh.shape[1], this.weightHh.shape[1] as number];
    const shape = batched ? [x.shape[0] as number, hidden] : [hidden];
    const given = state.map((part) => part ?? zeros(shape, { dtype: x.dtype }));
    const fits = given.every((part) => formatShape(part.shape) === formatShape(shape));
    if ((x.rank !== 1 && x.rank !== 2) || x.shape.at(-1) !== features || !fits) {
      throw new ShapeError({
        op: this.#op,
        expected: `[N, ${features}] and a state of [N, ${hidden}], or both without N`,
        got: [x, ...given].map((t) => formatShape(t.shape)).join(", "),
      });
    }
    const rows = given.map((part) => (batched ? part : unsqueeze(part, 0)));
    const fromInput = linear(batched ? x : unsqueeze(x, 0), this.weightIh, this.biasIh);
    const next = this.step(fromInput, linear(rows[0] as Tensor, this.weightHh, this.biasHh), rows);
    return batched ? next : next.map((part) => squeeze(part, 0));
  }
}
