import {
  ArgumentError,
  add,
  clampMin,
  div,
  formatShape,
  matmul,
  mul,
  norm,
  ShapeError,
  sub,
  type Tensor,
  transpose,
} from "@graftjs/tensor";
import { decayed } from "./decay.ts";
import { type GroupInput, Optimizer, type OptimizerInput, type Slot, type Update } from "./optimizer.ts";

/** Options of {@link Muon}. */
export interface MuonOptions {
  /** Default 1e-3. */
  readonly learningRate: number;
  /** Decoupled from the gradient. Default 0.1. */
  readonly weightDecay: number;
  /** Share of the last direction in the next. Default 0.95. */
  readonly momentum: number;
  /** Look ahead along the momentum. Default `true`. */
  readonly nesterov: boolean;
  /** Coefficients a, b, c of an iteration. Default [3.4445, -4.775, 2.0315]. */
  readonly nsCoefficients: readonly [number, number, number];
  /** The least norm that a direction is divided by. Default 1e-7. */
  readonly eps: number;
  /** Number of iterations. Default 5. */
  readonly nsSteps: number;
  /**
   * How the rate depends on the shape [A, B]: times √max(1, A / B) (`original`, the default), or, so that rates of AdamW
   * suit, 0.2 · √max(A, B) (`matchRmsAdamw`).
   */
  readonly adjustLearningRate: "original" | "matchRmsAdamw";
}

/**
 * Momentum, orthogonalised, for the matrices of hidden layers; biases, embeddings and heads want another optimiser beside it:
 * v ← momentum · v + (1 - momentum) · g; d ← momentum · v + (1 - momentum) · g if nesterov, else v; X ← d / ‖d‖, then
 * nsSteps times X ← a · X + (b · G + c · G²) · X with G = X · Xᵀ, which brings the singular values near to 1;
 * p ← p · (1 - learningRate · weightDecay) - learningRate · ratio · X.
 *
 * Differs from PyTorch: the iterations are computed in the parameter's dtype, not in bfloat16.
 * Source: Jordan et al. 2024, https://kellerjordan.github.io/posts/muon/; Liu et al. 2025, https://arxiv.org/abs/2502.16982;
 * https://pytorch.org/docs/stable/generated/torch.optim.Muon.html
 *
 * @example
 * ```ts
 * import { Muon } from "@graftjs/optim";
 * import { sum, tensor } from "@graftjs/tensor";
 *
 * const weight = tensor([[1, 0], [0, 1]], undefined, { requiresGrad: true });
 * const optimizer = new Muon([weight], { learningRate: 0.02 });
 * sum(weight).backward();
 * optimizer.step();
 * console.log(weight.toArray()[0] === weight.toArray()[3]); // true
 * ```
 */
export class Muon extends Optimizer<MuonOptions> {
  /** @throws {ShapeError} if a parameter is no matrix. @throws {ArgumentError} on options out of range. */
  constructor(input: OptimizerInput<MuonOptions>, options: Partial<MuonOptions> = {}) {
    checkOptions(options);
    super(input, {
      learningRate: 1e-3,
      weightDecay: 0.1,
      momentum: 0.95,
      nesterov: true,
      nsCoefficients: [3.4445, -4.775, 2.0315],
      eps: 1e-7,
      nsSteps: 5,
      adjustLearningRate: "original",
      ...options,
    });
    for (const group of this.groups) checkMatrices(group.parameters);
  }

  /**
   * @throws {ShapeError} if a parameter is no matrix. @throws {ArgumentError} if there are none, one is there already, or
   * options are out of range.
   */
  override addGroup(input: GroupInput<MuonOptions>): void {
    const parameters = [...input.parameters];
    checkMatrices(parameters);
    checkOptions(input);
    super.addGroup({ ...input, parameters });
  }

  protected slots({ shape }: Tensor): Record<string, Slot> {
    return { momentum_buffer: { shape } };
  }

  protected update({ parameter, grad, state, rate, momentum, options }: Update<MuonOptions>): void {
    const buffer = state.momentum_buffer as Tensor;
    const share = mul(grad, momentum.rest);
    const velocity = add(mul(buffer, momentum.value), share);
    buffer.assign(velocity);
    const direction = options.nesterov ? add(mul(velocity, momentum.value), share) : velocity;
    const step = mul(orthogonalized(direction, options), mul(rate, ratios[options.adjustLearningRate](parameter)));
    parameter.assign(sub(decayed(parameter, rate, options.weightDecay), step));
  }
}

const ratios = {
  original: ({ shape }: Tensor): number => Math.sqrt(Math.max(1, (shape[0] as number) / (shape[1] as number))),
  matchRmsAdamw: ({ shape }: Tensor): number => 0.2 * Math.sqrt(Math.max(...shape)),
};

/** About U · Vᵀ of the singular value decomposition U · S · Vᵀ: Newton's and Schulz's iteration, with a steep start. */
function orthogonalized(
  direction: Tensor,
  { nsCoefficients: [a, b, c], nsSteps, eps }: Pick<MuonOptions, "nsCoefficients" | "nsSteps" | "eps">,
): Tensor {
  const [rows, columns] = direction.shape as [number, number];
  const tall = rows > columns;
  let x = div(direction, clampMin(norm(direction), eps));
  if (tall) x = transpose(x, 0, 1);
  for (let i = 0; i < nsSteps; i++) {
    const gram = matmul(x, x, { transposeB: true });
    x = add(mul(x, a), matmul(add(mul(gram, b), mul(matmul(gram, gram), c)), x));
  }
  return tall ? transpose(x, 0, 1) : x;
}

/** @throws {ArgumentError} on options out of range. */
function checkOptions({
  adjustLearningRate: adjust = "original",
  nsSteps: steps = 1,
}: Pick<Partial<MuonOptions>, "adjustLearningRate" | "nsSteps">): void {
  if (Object.hasOwn(ratios, adjust) && Number.isInteger(steps) && steps >= 1) return;
  const expected = "adjustLearningRate original or matchRmsAdamw, and an integer nsSteps >= 1";
  throw new ArgumentError({ op: "Muon", expected, got: `${adjust} and ${steps}` });
}

/** @throws {ShapeError} */
function checkMatrices(parameters: readonly Tensor[]): void {
  for (const { shape } of parameters) {
    if (shape.length !== 2) {
      throw new ShapeError({
        op: "Muon",
        expected: "matrices",
        got: formatShape(shape),
        help: "Give biases, embeddings and convolutions to another optimiser, such as AdamW.",
      });
    }
  }
}
