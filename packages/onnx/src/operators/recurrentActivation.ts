import { elu, leakyRelu, softplus, softsign } from "@graftjs/nn";
import { add, greaterEqual, hardtanh, mul, relu, sigmoid, type Tensor, tanh, where } from "@graftjs/tensor";

/** What a gate is passed through. */
export type Activation = (x: Tensor) => Tensor;

interface Kind {
  /** Defaults of those of alpha and beta that the activation takes; NaN if there is none. */
  readonly alpha?: number;
  readonly beta?: number;
  readonly fn: (x: Tensor, alpha: number, beta: number) => Tensor;
}

/** By name in lower case. */
const kinds: Readonly<Record<string, Kind>> = {
  relu: { fn: relu },
  tanh: { fn: tanh },
  sigmoid: { fn: sigmoid },
  affine: { alpha: 1, beta: 0, fn: (x, alpha, beta) => add(mul(x, alpha), beta) },
  leakyrelu: { alpha: 0.01, fn: leakyRelu },
  thresholdedrelu: { alpha: 1, fn: (x, alpha) => where(greaterEqual(x, alpha), x, 0) },
  scaledtanh: { alpha: Number.NaN, beta: Number.NaN, fn: (x, alpha, beta) => mul(tanh(mul(x, beta)), alpha) },
  hardsigmoid: { alpha: 0.2, beta: 0.5, fn: (x, alpha, beta) => hardtanh(add(mul(x, alpha), beta), 0, 1) },
  elu: { alpha: 1, fn: elu },
  softsign: { fn: softsign },
  softplus: { fn: (x) => softplus(x) },
};

/**
 * Activations by their names, which are the optional ones of https://onnx.ai/onnx/operators/onnx__LSTM.html too. Alphas and
 * betas belong, in order, to those that take one. Gives the one that cannot be instead,
 * if there is one.
 */
export function activationsOf(
  names: readonly string[],
  alphas: readonly number[] = [],
  betas: readonly number[] = [],
): readonly Activation[] | string {
  let [a, b] = [0, 0];
  const found: Activation[] = [];
  for (const name of names) {
    const kind = kinds[name.toLowerCase()];
    if (!kind) return name;
    const alpha = kind.alpha === undefined ? 0 : (alphas[a++] ?? kind.alpha);
    const beta = kind.beta === undefined ? 0 : (betas[b++] ?? kind.beta);
    if (Number.isNaN(alpha + beta)) return `${name} without alpha and beta`;
    found.push((x) => kind.fn(x, alpha, beta));
  }
  return found;
}
