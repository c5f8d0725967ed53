import { add, gradients, mul, sum, type Tensor, tensor } from "@graftjs/tensor";
import { closeTo } from "./closeTo.ts";
import { uniformAt } from "./random.ts";

export interface GradcheckOptions {
  /** Step of the central differences. Default 1e-5. */
  readonly epsilon?: number;
  /** Default 1e-6. */
  readonly rtol?: number;
  /** Default 1e-7. */
  readonly atol?: number;
}

/**
 * Compares the gradients of `fn` with respect to the inputs that require one with central differences
 * (f(x + εe) - f(x - εe)) / 2ε. Outputs are reduced to one number by random weights.
 * @param inputs float64 where they require gradients, since differences in float32 say little.
 * @throws {Error} that says which input and element is wrong.
 * Source: https://pytorch.org/docs/stable/generated/torch.autograd.gradcheck.gradcheck.html
 */
export function gradcheck(
  fn: (...inputs: Tensor[]) => Tensor | readonly Tensor[],
  inputs: readonly Tensor[],
  options: GradcheckOptions = {},
): void {
  const { epsilon = 1e-5, rtol = 1e-6, atol = 1e-7 } = options;
  const scalar = (...args: Tensor[]): Tensor => weighted(fn(...args));
  const wanted = inputs.filter((t) => t.requiresGrad);
  if (wanted.length === 0) throw new Error("gradcheck: no input requires a gradient");
  for (const t of wanted)
    if (t.dtype !== "float64") throw new Error(`gradcheck: expected float64 inputs, got ${t.dtype}`);
  const analytic = gradients(scalar(...inputs), wanted);
  wanted.forEach((input, w) => {
    const grad = analytic[w];
    if (!grad) throw new Error(`gradcheck: input ${inputs.indexOf(input)} got no gradient`);
    const numeric = differences(scalar, inputs, inputs.indexOf(input), epsilon);
    const { pass, message } = closeTo(grad, numeric, { rtol, atol });
    if (!pass) throw new Error(`gradcheck: gradient with respect to input ${inputs.indexOf(input)}: ${message}`);
  });
}

/**
 * {@link gradcheck} of the gradients of `fn` themselves, which checks its second derivatives.
 * Source: https://pytorch.org/docs/stable/generated/torch.autograd.gradcheck.gradgradcheck.html
 */
export function gradgradcheck(
  fn: (...inputs: Tensor[]) => Tensor | readonly Tensor[],
  inputs: readonly Tensor[],
  options: GradcheckOptions = {},
): void {
  const first = (...args: Tensor[]): Tensor[] => {
    const wanted = args.filter((_, i) => inputs[i]?.requiresGrad);
    const result = weighted(fn(...args));
    // Each target takes part itself, so that all are reached where the gradient does not depend on them.
    const grads = gradients(result, wanted, { createGraph: true });
    return wanted.map((t, i) => add(grads[i] as Tensor, mul(t, 0)));
  };
  gradcheck(first, inputs, options);
}

/** Σ wₖyₖ over all elements of all outputs, with fixed random weights. */
function weighted(outputs: Tensor | readonly Tensor[]): Tensor {
  const list = Array.isArray(outputs) ? (outputs as readonly Tensor[]) : [outputs as Tensor];
  return list
    .map((y, k) => {
      const weights = Float64Array.from({ length: y.size }, (_, i) => 0.5 + uniformAt(77 + k, i));
      return sum(mul(y, tensor(weights, y.shape)));
    })
    .reduce((a, b) => add(a, b));
}

function differences(
  fn: (...inputs: Tensor[]) => Tensor,
  inputs: readonly Tensor[],
  which: number,
  epsilon: number,
): Tensor {
  const input = inputs[which] as Tensor;
  const values = input.toArray();
  const at = (i: number, step: number): number => {
    const moved = values.slice();
    moved[i] = (values[i] as number) + step;
    const args = inputs.map((t, j) => (j === which ? tensor(moved, t.shape, { requiresGrad: true }) : t));
    return fn(...args).item();
  };
  const grad = Float64Array.from(values, (_, i) => (at(i, epsilon) - at(i, -epsilon)) / (2 * epsilon));
  return tensor(grad, input.shape);
}
