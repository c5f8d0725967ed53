import {
  ArgumentError,
  concat,
  formatShape,
  type Generator,
  permute,
  type Shape,
  ShapeError,
  select,
  squeeze,
  stack,
  type Tensor,
  unbind,
  unsqueeze,
  zeros,
} from "@graftjs/tensor";
import { defaultGenerator } from "../defaultGenerator.ts";
import { uniform } from "../init/distributions.ts";
import { Module } from "../module.ts";
import { Parameter } from "../parameter.ts";
import { checkProbability, dropWith } from "./dropout.ts";
import { linear } from "./linear.ts";

/** Options of {@link Recurrent}. */
export interface RecurrentOptions {
  /** How many layers there are, each fed with the output of the one before. Default 1. */
  readonly numLayers?: number;
  /** Default `true`. */
  readonly bias?: boolean;
  /** Whether input and output are [N, L, ...] instead of [L, N, ...]; states are not affected. Default `false`. */
  readonly batchFirst?: boolean;
  /** Share of each layer's output, but the last one's, that is dropped in training mode. Default 0. */
  readonly dropout?: number;
  /** Whether each layer runs from both ends, and joins the two outputs. Default `false`. */
  readonly bidirectional?: boolean;
  /** What initial values and dropout are drawn from. */
  readonly generator?: Generator;
}

/** Weights of one layer in one direction. */
export interface DirectionWeights {
  readonly input: Tensor;
  readonly hidden: Tensor;
  readonly inputBias: Tensor | null;
  readonly hiddenBias: Tensor | null;
  readonly projection: Tensor | null;
}

/** What a kind of recurrent layer is made of. */
interface Kind {
  /** Its name, for errors. */
  readonly op: string;
  readonly inputSize: number;
  readonly hiddenSize: number;
  /** How many gates of `hiddenSize` rows a weight has. */
  readonly gates: number;
  /** Features of what is put out, where that is projected. */
  readonly projSize?: number;
}

/**
 * Layers that carry a state along the first axis (in a batch: [L, N, inputSize]) and put it out at each step; the steps
 * are unrolled, so that a compiled function has one program for each length. Subclasses say what a step is.
 *
 * Parameters of layer k: `weight_ih_lk` [gates · H, inputs], `weight_hh_lk` [gates · H, H], `bias_ih_lk` and `bias_hh_lk`
 * [gates · H], with the suffix `_reverse` for the way back; all at first drawn from U(-b, b), b = 1 / √H.
 *
 * @example
 * ```ts
 * import { GRU, type Recurrent, RNN } from "@graftjs/nn";
 * import type { Tensor } from "@graftjs/tensor";
 *
 * const layers: Recurrent<Tensor>[] = [new RNN(8, 6), new GRU(8, 6)];
 * console.log(layers.map((layer) => layer.getParameter("weight_ih_l0").shape)); // [[6, 8], [18, 8]]
 * ```
 */
export abstract class Recurrent<State> extends Module<
  readonly [x: Tensor, state?: State],
  readonly [output: Tensor, state: State]
> {
  /** All parameters by name. */
  readonly weights: Readonly<Record<string, Parameter>>;
  readonly inputSize: number;
  readonly hiddenSize: number;
  readonly numLayers: number;
  readonly bias: boolean;
  readonly batchFirst: boolean;
  readonly dropout: number;
  readonly bidirectional: boolean;
  readonly generator: Generator | null;
  readonly #op: string;
  /** Features of what one direction puts out. */
  readonly #features: number;

  constructor({ op, inputSize, hiddenSize, gates, projSize = 0 }: Kind, options: RecurrentOptions) {
    super();
    const { numLayers = 1, bias = true, batchFirst = false, dropout = 0, bidirectional = false, generator } = options;
    for (const [name, size] of Object.entries({ inputSize, hiddenSize, numLayers })) {
      if (!(Number.isInteger(size) && size > 0)) {
        throw new ArgumentError({ op, expected: `${name} >= 1`, got: String(size) });
      }
    }
    checkProbability(op, dropout);
    this.#op = op;
    this.inputSize = inputSize;
    this.hiddenSize = hiddenSize;
    this.numLayers = numLayers;
    this.bias = bias;
    this.batchFirst = batchFirst;
    this.dropout = dropout;
    this.bidirectional = bidirectional;
    this.generator = generator ?? null;
    this.#features = projSize || hiddenSize;
    const bound = 1 / Math.sqrt(hiddenSize);
    const draw = (shape: Shape) =>
      new Parameter(uniform(shape, { low: -bound, high: bound, ...(generator && { generator }) }));
    const rows = gates * hiddenSize;
    const weights: Record<string, Parameter> = {};
    for (const { layer, name } of this.#directions()) {
      const inputs = layer === 0 ? inputSize : this.#features * (bidirectional ? 2 : 1);
      weights[`weight_ih${name}`] = draw([rows, inputs]);
      weights[`weight_hh${name}`] = draw([rows, this.#features]);
      if (bias) weights[`bias_ih${name}`] = draw([rows]);
      if (bias) weights[`bias_hh${name}`] = draw([rows]);
      if (projSize) weights[`weight_hr${name}`] = draw([projSize, hiddenSize]);
    }
    this.weights = weights;
  }

  /** The state after a step: what is put out first, and what is carried along besides. */
  protected abstract step(input: Tensor, state: readonly Tensor[], weights: DirectionWeights): readonly Tensor[];

  /** Tensors of a state, [layers · directions, N, ...] each. */
  protected abstract partsOf(state: State): readonly Tensor[];

  /** The inverse of {@link partsOf}. */
  protected abstract stateOf(parts: readonly Tensor[]): State;

  /** Features of each tensor of a state. */
  protected stateFeatures(): readonly number[] {
    return [this.hiddenSize];
  }

  /**
   * @param x [L, N, inputSize], or, with `batchFirst`, [N, L, inputSize], or, without a batch, [L, inputSize].
   * @param state at the start, of shape [layers · directions, N, H]; by default 0.
   * @returns the last layer's output at all steps, [L, N, directions · H], and the last state of all layers.
   */
  forward(x: Tensor, state?: State): readonly [output: Tensor, state: State] {
    if ((x.rank !== 2 && x.rank !== 3) || x.shape.at(-1) !== this.inputSize || x.shape.at(-2) === 0) {
      const axes = this.batchFirst ? "N, L" : "L, N";
      const expected = `[${axes}, ${this.inputSize}] or [L, ${this.inputSize}]`;
      throw new ShapeError({ op: this.#op, expected, got: formatShape(x.shape) });
    }
    const batched = x.rank === 3;
    const swap = batched && this.batchFirst;
    const sequence = !batched ? unsqueeze(x, 1) : swap ? permute(x, [1, 0, 2]) : x;
    const given = state === undefined ? null : this.partsOf(state);
    const first = given?.map((part) => (batched ? part : unsqueeze(part, 1))) ?? this.#zeros(sequence);
    if (given) this.#checkState(first, sequence.shape[1] as number);
    const [output, last] = this.#run(sequence, first);
    if (!batched) return [squeeze(output, 1), this.stateOf(last.map((part) => squeeze(part, 1)))];
    return [swap ? permute(output, [1, 0, 2]) : output, this.stateOf(last)];
  }

  #run(x: Tensor, first: readonly Tensor[]): readonly [output: Tensor, last: readonly Tensor[]] {
    let sequence = x;
    let outputs: Tensor[] = [];
    const last: Tensor[][] = first.map(() => []);
    this.#directions().forEach(({ layer, back, name }, at) => {
      if (layer > 0 && !back) sequence = this.#drop(sequence);
      const weights = this.#weightsOf(name);
      // The input's part of all steps at once; the steps themselves in the order of this direction.
      const steps = unbind(linear(sequence, weights.input, weights.inputBias));
      if (back) steps.reverse();
      let state: readonly Tensor[] = first.map((part) => select(part, 0, at));
      const seen = steps.map((input) => {
        state = this.step(input, state, weights);
        return state[0] as Tensor;
      });
      if (back) seen.reverse();
      outputs.push(stack(seen as [Tensor, ...Tensor[]]));
      state.forEach((part, i) => void last[i]?.push(part));
      if (this.bidirectional && !back) return;
      sequence = concat(outputs as [Tensor, ...Tensor[]], 2);
      outputs = [];
    });
    return [sequence, last.map((parts) => stack(parts as [Tensor, ...Tensor[]]))];
  }

  /** Layers and directions in the order of their states. */
  #directions(): readonly { readonly layer: number; readonly back: boolean; readonly name: string }[] {
    return Array.from({ length: this.numLayers }, (_, layer) => {
      const forth = { layer, back: false, name: `_l${layer}` };
      return this.bidirectional ? [forth, { layer, back: true, name: `_l${layer}_reverse` }] : [forth];
    }).flat();
  }

  #weightsOf(name: string): DirectionWeights {
    const { weights } = this;
    return {
      input: weights[`weight_ih${name}`] as Parameter,
      hidden: weights[`weight_hh${name}`] as Parameter,
      inputBias: weights[`bias_ih${name}`] ?? null,
      hiddenBias: weights[`bias_hh${name}`] ?? null,
      projection: weights[`weight_hr${name}`] ?? null,
    };
  }

  #drop(x: Tensor): Tensor {
    if (!this.training || this.dropout === 0) return x;
    return dropWith(x, x.shape, this.dropout, this.generator ?? defaultGenerator());
  }

  #stateShapes(batch: number): Shape[] {
    return this.stateFeatures().map((features) => [this.#directions().length, batch, features]);
  }

  /** The state at the start, which broadcasts: the same for every sample, whatever their number. */
  #zeros(sequence: Tensor): Tensor[] {
    return this.#stateShapes(1).map((shape) => zeros(shape, { dtype: sequence.dtype }));
  }

  #checkState(parts: readonly Tensor[], batch: number): void {
    const shapes = this.#stateShapes(batch).map(formatShape).join(", ");
    const got = parts.map((part) => formatShape(part.shape)).join(", ");
    if (got !== shapes) throw new ShapeError({ op: this.#op, expected: `a state of shape ${shapes}`, got });
  }

  protected override members(): Iterable<readonly [string, unknown]> {
    return Object.entries(this.weights);
  }
}
