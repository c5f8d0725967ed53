import { at, bools, type Case, integers, near, row } from "./operatorCase.ts";

// Cases of the operators of networks: activations, normalisations, losses, recurrent nets and attention.

const { exp, log, max, tanh } = Math;
const sigmoid = (x: number): number => 1 / (1 + exp(-x));
const float = (value: number): { float: number } => ({ float: value });
const softmaxOf = (...scores: number[]): number[] => {
  const powers = scores.map(exp);
  const total = powers.reduce((a, b) => a + b);
  return powers.map((p) => p / total);
};

const activations: readonly Case[] = [
  near("CausalConvWithState", at([1, 1, 3], 1, 2, 3), at([1, 1, 3], 1, 12, 23), {
    opset: 27,
    rest: [at([1, 1, 2], 10, 1)],
  }),
  near("CausalConvWithState", at([1, 1, 1], 2), at([1, 1, 1], 52 * sigmoid(52)), {
    opset: 27,
    rest: [at([1, 1, 2], 10, 1), null, at([1, 1, 1], 5)],
    attributes: { activation: "silu" },
  }),
  near("CausalConvWithState", at([1, 1, 1], 2), at([1, 1, 2], 5, 2), {
    opset: 27,
    rest: [at([1, 1, 3], 1, 1, 1), row(9), at([1, 1, 2], 4, 5)],
    output: 1,
  }),
  near("Celu", row(-2, 3), row(2 * (exp(-1) - 1), 3), { attributes: { alpha: float(2) } }),
  near("Hardmax", at([2, 3], 1, 3, 3, 5, 4, 5), at([2, 3], 0, 1, 0, 1, 0, 0)),
  near("Hardmax", at([2, 2], 1, 3, 4, 2), at([2, 2], 0, 1, 1, 0), { attributes: { axis: 0 } }),
  near("Hardmax", at([1, 2, 2], 1, 3, 4, 2), at([1, 2, 2], 0, 0, 1, 0), { opset: 11 }),
  near("Mish", row(-1, 2), row(-tanh(log(1 + exp(-1))), 2 * tanh(log(1 + exp(2))))),
  near("Shrink", row(-2, 0.5, 2), row(-1.5, 0, 1.5), { attributes: { bias: float(0.5), lambd: float(1) } }),
  near("Softsign", row(-1, 3), row(-0.5, 0.75)),
  near("SwiGLU", row(1, 2), row(3 * sigmoid(2), 8 * sigmoid(4)), {
    opset: 28,
    rest: [row(3, 4)],
    attributes: { alpha: float(2) },
  }),
  near("Swish", row(1, -2), row(sigmoid(1), -2 * sigmoid(-2)), { opset: 24 }),
  near("ThresholdedRelu", row(1, 1.5), row(0, 1.5)),
];

const normalisations: readonly Case[] = [
  near("GroupNormalization", at([1, 2, 1], 4, 7), at([1, 2, 1], 5, 6), {
    opset: 21,
    rest: [row(2, 3), row(5, 6)],
    attributes: { num_groups: 2 },
  }),
  near("GroupNormalization", at([1, 4, 1], 1, 3, 2, 6), at([1, 4, 1], 9, 11, 18, 22), {
    opset: 18,
    rest: [row(1, 2), row(10, 20)],
    attributes: { num_groups: 2, epsilon: float(0) },
  }),
  near("GroupNormalization", at([1, 4, 1], 1, 3, 2, 6), at([1, 4, 1], -1, 2, -3, 8), {
    opset: 21,
    rest: [row(1, 2, 3, 4), row(0, 0, 0, 4)],
    attributes: { num_groups: 2, epsilon: float(0) },
  }),
  near("InstanceNormalization", at([1, 2, 2], 1, 3, 2, 6), at([1, 2, 2], -1, 1, 8, 12), {
    rest: [row(1, 2), row(0, 10)],
    attributes: { epsilon: float(0) },
  }),
  near("InstanceNormalization", at([1, 2, 1], 1, 3), at([1, 2, 1], 5, 6), { rest: [row(1, 2), row(5, 6)] }),
  near("LayerNormalization", at([1, 2, 2], 1, 3, 1, 3), at([1, 2, 2], -1, 3, -1, 3), {
    rest: [row(1, 2), at([2, 1], 0, 0)],
    attributes: { axis: 1, epsilon: float(0) },
    y: at([1, 2, 2], -1, 2, -1, 2),
  }),
  // An even size has the odd channel behind.
  near("LRN", at([1, 3, 1], 1, 2, 3), at([1, 3, 1], 1 / 6, 2 / 14, 3 / 10), {
    attributes: { size: 2, alpha: float(2), beta: float(1) },
  }),
  near("LRN", at([1, 3, 1], 1, 2, 3), at([1, 3, 1], 1 / 6, 2 / 15, 3 / 14), {
    attributes: { size: 3, alpha: float(3), beta: float(1) },
  }),
  near("LRN", at([1, 2, 1], 1, 2), at([1, 2, 1], 1 / 6, 2 / 6), {
    attributes: { size: 2 ** 20 + 1, alpha: float(2 ** 20 + 1), beta: float(1) },
  }),
  near("LpNormalization", at([2, 2], 3, -4, 0, 0), at([2, 2], 0.6, -0.8, 0, 0)),
  near("LpNormalization", at([2, 2], 3, -4, 1, 4), at([2, 2], 0.75, -0.5, 0.25, 0.5), {
    attributes: { axis: 0, p: 1 },
  }),
  near("MeanVarianceNormalization", at([2, 1, 1, 1], 1, 5), at([2, 1, 1, 1], -1, 1)),
  near("MeanVarianceNormalization", at([1, 2], 2, 8), at([1, 2], -1, 1), { attributes: { axes: [1] } }),
  near("RMSNormalization", at([1, 2], 1, 7), at([1, 2], 2 / 5, 21 / 5), {
    opset: 23,
    rest: [row(2, 3)],
    attributes: { epsilon: float(0) },
  }),
  near("RMSNormalization", at([2, 2], 1, 1, 5, 13), at([2, 2], 1 / 7, 1 / 7, 5 / 7, 13 / 7), {
    opset: 23,
    rest: [row(1)],
    attributes: { axis: 0, epsilon: float(0) },
  }),
];

const picked = [-softmaxLog(2, 1), -softmaxLog(1, 3)] as const;
function softmaxLog(chosen: number, other: number): number {
  return chosen - log(exp(chosen) + exp(other));
}

const losses: readonly Case[] = [
  near("NegativeLogLikelihoodLoss", at([2, 2], -1, -2, -3, -4), row(2, 3), {
    rest: [[1, 0]],
    attributes: { reduction: "none" },
  }),
  near("NegativeLogLikelihoodLoss", at([1, 2, 2], -1, -2, -3, -4), at([], (2 * 3 + 8 * 2) / 10), {
    rest: [integers([1, 2], 1, 0), row(8, 2)],
  }),
  near("NegativeLogLikelihoodLoss", at([2, 2], -1, -2, -3, -4), at([], 3), {
    rest: [[1, 0]],
    attributes: { ignore_index: 1 },
  }),
  near("SoftmaxCrossEntropyLoss", at([2, 2], 1, 2, 1, 3), at([], picked[0] + picked[1]), {
    rest: [[1, 0]],
    attributes: { reduction: "sum" },
  }),
  near("SoftmaxCrossEntropyLoss", at([1, 2], 1, 2), at([1, 2], softmaxLog(1, 2), softmaxLog(2, 1)), {
    rest: [[1]],
    output: 1,
  }),
];

// One feature and one hidden unit: what a cell computes, as the specification has it, of numbers.
const rnn = (xs: readonly number[], f = tanh, h = 0): number[] => xs.map((x) => (h = f(2 * x - h)));
const [rnnW, rnnR] = [at([1, 1, 1], 2), at([1, 1, 1], -1)];
const twice = ({ shape, data }: { shape: readonly number[]; data: readonly number[] }) =>
  at([2, ...shape.slice(1)], ...data, ...data);
const [first, second] = rnn([0.5, 0.3]) as [number, number];
const [last, before] = rnn([0.3, 0.5]) as [number, number];

const lengths = { shape: [2], data: [2, 1], dtype: "int32" } as const;

const gruW = at([1, 3, 1], 1, -1, 2);
const gruR = at([1, 3, 1], 0.5, -0.5, 1.5);
const gruB = at([1, 6], 0.1, 0.2, 0.3, -0.1, -0.2, -0.3);
const gru = (x: number, h: number, linear: boolean): number => {
  const z = sigmoid(x + 0.5 * h);
  const r = sigmoid(-x - 0.5 * h);
  const candidate = tanh(2 * x + 0.3 + (linear ? r * (1.5 * h - 0.3) : 1.5 * r * h - 0.3));
  return (1 - z) * candidate + z * h;
};

const lstmW = at([1, 4, 1], 1, 2, 3, 4);
const lstmR = at([1, 4, 1], -1, -2, -3, -4);
const lstmP = at([1, 3], 0.1, 0.2, 0.3);
const lstm = (x: number, [h, c]: readonly [number, number], coupled: boolean): [h: number, c: number] => {
  const i = sigmoid(x - h + 0.1 * c);
  const f = coupled ? 1 - i : sigmoid(3 * x - 3 * h + 0.3 * c);
  const next = f * c + i * tanh(4 * x - 4 * h);
  return [sigmoid(2 * x - 2 * h + 0.2 * next) * tanh(next), next];
};
const state: readonly [number, number] = [0.2, -0.4];
const lstmInputs = [lstmW, lstmR, null, null, at([1, 1, 1], state[0]), at([1, 1, 1], state[1]), lstmP];

const recurrent: readonly Case[] = [
  near("RNN", at([2, 1, 1], 0.5, 0.3), at([2, 1, 1, 1], first, second), { rest: [rnnW, rnnR] }),
  near("RNN", at([2, 1, 1], 0.5, 0.3), at([2, 2, 1, 1], first, before, second, last), {
    rest: [twice(rnnW), twice(rnnR)],
    attributes: { direction: "bidirectional" },
  }),
  near("RNN", at([1, 2, 1], 0.5, 0.3), at([1, 2, 2, 1], first, before, second, last), {
    rest: [twice(rnnW), twice(rnnR)],
    attributes: { direction: "bidirectional", layout: 1 },
  }),
  near("RNN", at([2, 1, 1], 0.5, 0.3), at([1, 1, 1], before), {
    rest: [rnnW, rnnR],
    attributes: { direction: "reverse" },
    output: 1,
  }),
  // The second sample is one step long; its way back begins there.
  near("RNN", at([2, 2, 1], 0.5, 0.5, 0.3, 9), at([2, 1, 2, 1], before, first, last, 0), {
    rest: [rnnW, rnnR, null, lengths],
    attributes: { direction: "reverse" },
  }),
  near("RNN", at([2, 2, 1], 0.5, 0.5, 0.3, 9), at([1, 2, 1], second, first), {
    rest: [rnnW, rnnR, null, lengths],
    output: 1,
  }),
  near("RNN", at([2, 1, 1], 0.2, 3), at([2, 1, 1, 1], ...rnn([0.2, 3], (x) => 0.3 * max(-1, Math.min(1, x)) + 0.1)), {
    rest: [rnnW, rnnR],
    attributes: {
      activations: { strings: ["Affine"] },
      activation_alpha: { floatList: [0.3] },
      activation_beta: { floatList: [0.1] },
      clip: float(1),
    },
  }),
  near("GRU", at([1, 1, 1], 0.5), at([1, 1, 1, 1], gru(0.5, 0.7, false)), {
    rest: [gruW, gruR, gruB, null, at([1, 1, 1], 0.7)],
  }),
  near("GRU", at([1, 1, 1], 0.5), at([1, 1, 1, 1], gru(0.5, 0.7, true)), {
    rest: [gruW, gruR, gruB, null, at([1, 1, 1], 0.7)],
    attributes: { linear_before_reset: 1 },
  }),
  near("LSTM", at([1, 1, 1], 0.5), at([1, 1, 1, 1], lstm(0.5, state, false)[0]), { rest: lstmInputs }),
  near("LSTM", at([1, 1, 1], 0.5), at([1, 1, 1], lstm(0.5, state, true)[1]), {
    rest: lstmInputs,
    attributes: { input_forget: 1 },
    output: 2,
  }),
];

// One feature: scores are products of numbers.
const sums = (weights: readonly number[], values: readonly number[]): number =>
  weights.reduce((total, w, i) => total + w * (values[i] as number), 0);
const queries = at([1, 1, 2, 1], 1, 2);
const keys = at([1, 1, 2, 1], 0.5, -1);
const values = at([1, 1, 2, 1], 3, 7);
const attend = (...scores: number[]): number => sums(softmaxOf(...scores), [3, 7]);
const capped = [0.5, -1, 1, -2].map((score) => 2 * tanh(score / 2)) as [number, number, number, number];

const attention: readonly Case[] = [
  near("Attention", queries, at([1, 1, 2, 1], attend(0.5, -1), attend(1, -2)), { opset: 23, rest: [keys, values] }),
  near("Attention", queries, at([1, 1, 2, 1], 3, attend(1, -2)), {
    opset: 23,
    rest: [keys, values],
    attributes: { is_causal: 1 },
  }),
  // Two heads of queries share one of keys.
  near("Attention", at([1, 1, 2], 1, 2), at([1, 1, 2], attend(0.5, -1), attend(1, -2)), {
    opset: 23,
    rest: [at([1, 2, 1], 0.5, -1), at([1, 2, 1], 3, 7)],
    attributes: { q_num_heads: 2, kv_num_heads: 1 },
  }),
  near("Attention", queries, at([1, 1, 2, 1], 0, 7), {
    opset: 23,
    rest: [keys, values, bools([2, 2], 0, 0, 0, 1)],
  }),
  near("Attention", queries, at([1, 1, 2, 1], 0, attend(1.5, -2)), {
    opset: 23,
    rest: [keys, values, at([2, 2], -Infinity, -Infinity, 0.5, 0)],
  }),
  // What a mask does not reach is excluded.
  near("Attention", queries, at([1, 1, 2, 1], 3, 3), { opset: 23, rest: [keys, values, at([2, 1], 5, 6)] }),
  near("Attention", at([1, 1, 1, 1], 1), at([1, 1, 3, 1], 9, 0.5, -1), {
    opset: 23,
    rest: [keys, values, null, at([1, 1, 1, 1], 9), at([1, 1, 1, 1], 1)],
    output: 1,
  }),
  // The first query comes after one key of the past.
  near("Attention", queries, at([1, 1, 2, 1], sums(softmaxOf(0, 0.5), [1, 3]), sums(softmaxOf(0, 1, -2), [1, 3, 7])), {
    opset: 23,
    rest: [keys, values, null, at([1, 1, 1, 1], 0), at([1, 1, 1, 1], 1)],
    attributes: { is_causal: 1 },
  }),
  near("Attention", queries, at([1, 1, 2, 1], 0, 3), {
    opset: 24,
    rest: [keys, values, null, null, null, [1]],
    attributes: { is_causal: 1 },
  }),
  near("Attention", queries, at([1, 1, 2, 1], 3, 7), {
    opset: 25,
    rest: [keys, values],
    attributes: { left_window_size: 0, right_window_size: 0 },
  }),
  near("Attention", queries, at([1, 1, 2, 2], 0.5, -1, 1, -2), {
    opset: 23,
    rest: [keys, values],
    attributes: { softcap: float(2) },
    output: 3,
  }),
  near("Attention", queries, at([1, 1, 2, 2], ...capped), {
    opset: 23,
    rest: [keys, values],
    attributes: { softcap: float(2), qk_matmul_output_mode: 1 },
    output: 3,
  }),
  near("Attention", queries, at([1, 1, 2, 2], 3.5, 2, 1, -2), {
    opset: 23,
    rest: [keys, values, at([2, 2], 3, 3, 0, 0)],
    attributes: { qk_matmul_output_mode: 2 },
    output: 3,
  }),
  near("Attention", queries, at([1, 1, 2, 2], 1, 0, ...softmaxOf(1, -2)), {
    opset: 23,
    rest: [keys, values],
    attributes: { qk_matmul_output_mode: 3, is_causal: 1 },
    output: 3,
  }),
  near("LinearAttention", at([1, 2, 1], 1, 2), at([1, 2, 1], 1.5, -6.25), {
    opset: 27,
    rest: [at([1, 2, 1], 0.5, -1), at([1, 2, 1], 3, 7), null, at([1, 2, 1], 0, log(0.5)), at([1, 2, 1], 1, 0.5)],
    attributes: { q_num_heads: 1, kv_num_heads: 1 },
  }),
  // Two heads of queries read one state.
  near("LinearAttention", at([1, 1, 2], 1, 2), at([1, 1, 2], 1.75, 3.5), {
    opset: 27,
    rest: [at([1, 1, 1], 0.5), at([1, 1, 1], 3), at([1, 1, 1, 1], 2)],
    attributes: { q_num_heads: 2, kv_num_heads: 1, scale: float(0.5), update_rule: "linear" },
  }),
  // Turned by a right angle at position 1, not at all at position 0.
  near("RotaryEmbedding", at([1, 2, 4], 1, 2, 3, 4, 5, 6, 7, 8), at([1, 2, 4], -2, 1, -4, 3, 5, 6, 7, 8), {
    opset: 23,
    rest: [at([2, 1], 1, 0), at([2, 1], 0, 1), integers([1, 2], 1, 0)],
    attributes: { num_heads: 2 },
  }),
  near("RotaryEmbedding", at([1, 1, 1, 4], 1, 2, 3, 4), at([1, 1, 1, 4], -3, -4, 1, 2), {
    opset: 23,
    rest: [at([1, 1, 2], 0, 0), at([1, 1, 2], 1, 1)],
  }),
  near("RotaryEmbedding", at([1, 1, 1, 5], 1, 2, 3, 4, 9), at([1, 1, 1, 5], -2, 1, -4, 3, 9), {
    opset: 23,
    rest: [at([1, 1, 2], 0, 0), at([1, 1, 2], 1, 1)],
    attributes: { interleaved: 1, rotary_embedding_dim: 4 },
  }),
  near("TensorScatter", at([2, 3, 1], 1, 2, 3, 4, 5, 6), at([2, 3, 1], 7, 8, 3, 4, 9, 10), {
    opset: 24,
    rest: [at([2, 2, 1], 7, 8, 9, 10), [0, 1]],
  }),
  near("TensorScatter", at([1, 3], 1, 2, 3), at([1, 3], 8, 2, 7), {
    opset: 24,
    rest: [at([1, 2], 7, 8), [2]],
    attributes: { mode: "circular", axis: 1 },
  }),
];

export const networkCases: readonly Case[] = [...activations, ...normalisations, ...losses, ...recurrent, ...attention];
