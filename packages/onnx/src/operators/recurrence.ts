import { linear } from "@graftjs/nn";
import {
  clamp,
  expand,
  formatShape,
  greater,
  permute,
  reshape,
  type Shape,
  ShapeError,
  select,
  slice,
  stack,
  type Tensor,
  unbind,
  where,
  zeros,
} from "@graftjs/tensor";
import { isConstant } from "../constant.ts";
import {
  type AttributeSpec,
  float,
  floats,
  type ImportContext,
  type InputRole,
  type Inputs,
  ignored,
  int,
  type Run,
  string,
  strings,
} from "../operator.ts";
import { type Activation, activationsOf } from "./recurrentActivation.ts";

interface RecurrentAttributes {
  readonly activations: readonly string[] | undefined;
  readonly activation_alpha: readonly number[] | undefined;
  readonly activation_beta: readonly number[] | undefined;
  readonly clip: number | undefined;
  readonly direction: string;
  readonly layout: number;
}

/** Attributes that RNN, GRU and LSTM have in common; the hidden size is that of the weights. */
export const recurrentAttributes: {
  readonly [K in keyof RecurrentAttributes]: AttributeSpec<RecurrentAttributes[K]>;
} & {
  readonly hidden_size: AttributeSpec<undefined>;
  readonly output_sequence: AttributeSpec<undefined>;
} = {
  activations: strings(),
  activation_alpha: floats(),
  activation_beta: floats(),
  clip: float(undefined),
  direction: string("forward"),
  layout: int(0),
  hidden_size: ignored(),
  output_sequence: ignored(),
};

/** Weights are trained; stored initial states are not, as the specification has no gradient for them. */
export const recurrentRoles: Readonly<Record<number, InputRole>> = {
  1: "parameter",
  2: "parameter",
  3: "parameter",
  5: "constant",
  6: "constant",
  7: "parameter",
};

/** What is needed of one direction besides the input's weights, which have been applied. */
export interface DirectionWeights {
  /** [gates · H, H]. */
  readonly hidden: Tensor;
  /** [gates · H]. */
  readonly hiddenBias: Tensor | null;
  /** [3 · H], of an LSTM. */
  readonly peepholes: Tensor | null;
}

/** The next state from x · Wᵀ + bias, [N, gates · H], and the last state, whose first tensor is what is put out. */
export type Step = (input: Tensor, state: readonly Tensor[]) => readonly Tensor[];

interface Kind {
  /** How many gates of H rows a weight has. */
  readonly gates: number;
  /** Names of activations of one direction, where the node gives none. */
  readonly activations: readonly string[];
  /** The inputs at which a state begins. */
  readonly states: readonly number[];
  readonly step: (weights: DirectionWeights, activations: readonly Activation[]) => Step;
}

/**
 * Runs a kind of cell along a sequence [L, N, I], or [N, L, I] if `layout` is 1, in one or both directions. Steps are
 * unrolled. Beyond a sequence's own length a state stays as it is, and 0 is put out; the way back begins at its own end.
 * Outputs: all steps [L, directions, N, H] ([N, L, directions, H]) and each part of the last state [directions, N, H]
 * ([N, directions, H]).
 */
export function recurrence({ node, attributes, reject }: ImportContext<RecurrentAttributes>, kind: Kind): Run {
  const { direction, layout } = attributes;
  const both = direction === "bidirectional";
  if (!both && direction !== "forward" && direction !== "reverse") reject(`direction "${direction}"`);
  const backwards = both ? [false, true] : [direction === "reverse"];
  const activations = directionActivations(attributes, kind.activations, backwards.length);
  if (typeof activations === "string") return reject(activations);
  // The axis of directions in states.
  const axis = layout === 1 ? 1 : 0;
  return (inputs) => {
    const given = inputs.tensor(0);
    const x = layout === 1 ? permute(given, [1, 0, 2]) : given;
    const hidden = inputs.shape(2).at(-1) as number;
    check(node.opType, inputs, x.shape, backwards.length, kind.gates, hidden);
    const [length, batch] = x.shape as [number, number];
    const active = activeSteps(inputs, length);
    const runs = backwards.map((back, d) => {
      const [inputBias, hiddenBias] = biasesOf(inputs, d);
      const weights = { hidden: part(inputs, 2, d), hiddenBias, peepholes: inputs.has(7) ? part(inputs, 7, d) : null };
      const steps = unbind(linear(x, part(inputs, 1, d), inputBias));
      const state = kind.states.map((i) =>
        startsAtZero(inputs, i) ? zeros([batch, hidden]) : expand(select(inputs.tensor(i), axis, d), [batch, hidden]),
      );
      return unroll(kind.step(weights, activations[d] as readonly Activation[]), steps, state, active, back);
    });
    const y = join(
      runs.map(({ outputs }) => join(outputs, 0)),
      1,
    );
    const last = kind.states.map((_, i) =>
      join(
        runs.map(({ state }) => state[i] as Tensor),
        axis,
      ),
    );
    return [layout === 1 ? permute(y, [2, 0, 1, 3]) : y, ...last];
  };
}

/** Takes all steps, in the other order if `back`; what is put out, in the order of steps, and the state at the end. */
function unroll(
  step: Step,
  steps: readonly Tensor[],
  first: readonly Tensor[],
  active: readonly Tensor[],
  back: boolean,
): { readonly outputs: readonly Tensor[]; readonly state: readonly Tensor[] } {
  let state = first;
  const times = steps.map((_, t) => t);
  const outputs = (back ? times.reverse() : times).map((t) => {
    const next = step(steps[t] as Tensor, state);
    const output = next[0] as Tensor;
    const runsOn = active[t];
    if (!runsOn) {
      state = next;
      return output;
    }
    const last = state;
    state = next.map((now, i) => where(runsOn, now, last[i] as Tensor));
    return where(runsOn, output, 0);
  });
  return { outputs: back ? outputs.reverse() : outputs, state };
}

function join(tensors: readonly Tensor[], axis: number): Tensor {
  return stack(tensors as [Tensor, ...Tensor[]], axis);
}

/** Exporters write zeros for the batch that they were given; any other may start at those, too. */
function startsAtZero(inputs: Inputs, i: number): boolean {
  if (!inputs.has(i)) return true;
  const first = inputs.value(i);
  return isConstant(first) && Array.from(first.data).every((x) => x === 0);
}

/** The activations of each direction, or why there are none. */
function directionActivations(
  { activations: names, activation_alpha: alphas, activation_beta: betas, clip }: RecurrentAttributes,
  defaults: readonly string[],
  directions: number,
): readonly (readonly Activation[])[] | string {
  const count = defaults.length * directions;
  // The default of RNN names two activations, also where there is one direction.
  const all = names?.length ? names.slice(0, count) : Array.from({ length: directions }, () => defaults).flat();
  if (all.length < count) return `${all.length} activations instead of ${count}`;
  const found = activationsOf(all, alphas, betas);
  if (typeof found === "string") return `the activation ${found}`;
  return Array.from({ length: directions }, (_, d) =>
    found.slice(d * defaults.length, (d + 1) * defaults.length).map((activation, i): Activation => {
      // Only gates are clipped: what the third of an LSTM is applied to is the cell's state. So has it ONNX Runtime.
      return clip === undefined || i === 2 ? activation : (x) => activation(clamp(x, -clip, clip));
    }),
  );
}

/** Input `i` of direction `d`, without the axis of directions. */
function part(inputs: Inputs, i: number, d: number): Tensor {
  return select(inputs.tensor(i), 0, d);
}

/** The input's and the hidden state's biases of direction `d`. */
function biasesOf(inputs: Inputs, d: number): readonly [Tensor | null, Tensor | null] {
  if (!inputs.has(3)) return [null, null];
  const both = part(inputs, 3, d);
  const half = both.size / 2;
  return [slice(both, 0, 0, half), slice(both, 0, half)];
}

/** For each step which samples have one, [N, 1]; none where all sequences have all steps. */
function activeSteps(inputs: Inputs, length: number): readonly Tensor[] {
  if (!inputs.has(4)) return [];
  const lengths = inputs.value(4);
  if (isConstant(lengths) && Array.from(lengths.data).every((n) => n >= length)) return [];
  const column = reshape(inputs.tensor(4), [-1, 1]);
  return Array.from({ length }, (_, t) => greater(column, t));
}

/** Longer sequences than this are not unrolled. */
const mostSteps = 10_000;

/** @throws {ShapeError} unless input and weights fit together. */
function check(op: string, inputs: Inputs, x: Shape, directions: number, gates: number, hidden: number): void {
  const rows = gates * hidden;
  const expected: Record<number, Shape> = {
    1: [directions, rows, x[2] ?? 0],
    2: [directions, rows, hidden],
    3: [directions, 2 * rows],
    7: [directions, 3 * hidden],
  };
  const names = ["X", "W", "R", "B", "sequence_lens", "initial_h", "initial_c", "P"];
  if (x.length !== 3 || x[0] === 0)
    throw new ShapeError({ op, expected: "X of steps, samples and features", got: formatShape(x) });
  if ((x[0] as number) > mostSteps)
    throw new ShapeError({ op, expected: `at most ${mostSteps} steps, as they are unrolled`, got: formatShape(x) });
  for (const [i, shape] of Object.entries(expected)) {
    if (!inputs.has(Number(i))) continue;
    const got = formatShape(inputs.shape(Number(i)));
    if (got !== formatShape(shape))
      throw new ShapeError({ op, expected: `${names[Number(i)]} ${formatShape(shape)}`, got });
  }
}
