import { apply, apply1 } from "../apply.ts";
import { reshapeOp } from "../ops/reshape.ts";
import { runtime, withRuntime } from "../runtime.ts";
import { isTensor, ones, Tensor } from "../tensor.ts";
import { CheckpointScope } from "./checkpointScope.ts";
import { isGradEnabled, noGrad } from "./gradMode.ts";
import { TapeNode } from "./tape.ts";

/**
 * Applies `fn` without keeping its intermediate results for the gradient: `backward` runs it a second time. That costs one
 * more forward pass and saves the memory of all that lies between the inputs and the results of `fn`.
 *
 * Gradients reach the inputs and every parameter that `fn` uses, and are those of `fn(...inputs)`, bit for bit where each
 * parameter is used in one place. What `fn` assigns to (the state of random generators, running statistics) is put back
 * for the second run and afterwards restored, so dropout draws the same numbers and BatchNorm counts a batch once; in
 * PyTorch, it counts it twice.
 *
 * Inside of a compiled function the second run is part of the program, just before the gradient that needs it. Hand what
 * `fn` computes on to it as an input: what it takes from around it may be fused with the first run, which saves less.
 *
 * `fn` must compute the same each time, and return a tensor or an array of tensors.
 * Source: Chen et al. 2016, https://arxiv.org/abs/1604.06174; https://pytorch.org/docs/stable/checkpoint.html
 *
 * @example
 * ```ts
 * import { checkpoint, exp, mul, sum, tensor } from "@graftjs/tensor";
 *
 * const x = tensor([1, 2], undefined, { requiresGrad: true });
 * sum(checkpoint((t) => exp(mul(t, t)), x)).backward(); // exp(mul(t, t)) is computed twice
 * console.log(x.grad?.toNested()); // [5.4366, 218.3926]
 * ```
 */
export function checkpoint<const In extends readonly Tensor[], Out extends Tensor | readonly Tensor[]>(
  fn: (...inputs: In) => Out,
  ...inputs: In
): Out {
  if (!isGradEnabled()) return fn(...inputs);
  const scope = new CheckpointScope();
  const leaves = inputs.map((t) => {
    // Whether a leaf takes part is decided anew where that changes.
    if ("host" in t.place) runtime().tracer?.valueOf(t);
    return t.requiresGrad ? leaf(t, t.place) : t;
  });
  const result = withRuntime({ scope }, () => fn(...(leaves as unknown as In)));
  const results = listOf(result);
  const captured = sourcesOf(results, scope).filter((t) => !leaves.includes(t));
  const isOwn = (t: Tensor): boolean => t.tape?.scope === scope;
  const again = ({ grads }: { readonly grads: readonly (Tensor | null)[] }): readonly (Tensor | null)[] => {
    const createGraph = isGradEnabled();
    return scope.replay(() => {
      const own = createGraph ? inputs : inputs.map(apart);
      const outputs = withRuntime({ gradEnabled: true }, () => listOf(fn(...(own as unknown as In))));
      return partialGradients(outputs, grads, [...own, ...captured], createGraph);
    });
  };
  const node = new TapeNode({ name: "checkpoint", grad: again }, null, [...inputs, ...captured], apply);
  const recorded = results.map((t) => new Tensor(t.shape, t.dtype, t.place, { tape: isOwn(t) ? node : null }));
  node.complete(recorded);
  // What `fn` only passes on is not its result.
  const outputs = results.map((t, i) => (isOwn(t) ? recorded[i] : (inputs[leaves.indexOf(t)] ?? t)));
  return (isTensor(result) ? outputs[0] : outputs) as Out;
}

function listOf(result: Tensor | readonly Tensor[]): readonly Tensor[] {
  return isTensor(result) ? [result] : result;
}

/** Another tensor of the same values that requires a gradient. */
function leaf({ shape, dtype }: Tensor, place: Tensor["place"]): Tensor {
  return new Tensor(shape, dtype, place, { requiresGrad: true });
}

/**
 * An input for the second run, behind a view: chains of element-wise ops end there, or the second run would be fused into
 * what made the input, and its results would live as long as if they had been kept.
 */
function apart(t: Tensor): Tensor {
  const view = noGrad(() => apply1(reshapeOp, [t], { shape: t.shape }));
  return t.requiresGrad ? leaf(t, view.place) : view;
}

/** The tensors that require a gradient, come from outside of the function, and that its results depend on. */
function sourcesOf(results: readonly Tensor[], scope: CheckpointScope): Tensor[] {
  const seen = new Set<Tensor>(results);
  // Those that are appended on the way are visited too.
  for (const t of seen) if (t.tape?.scope === scope) for (const input of t.tape.inputs) seen.add(input);
  return [...seen].filter((t) => t.requiresGrad && t.tape?.scope !== scope);
}

/** Gradients of several results at once, with respect to sources that count as independent. */
export function partialGradients(
  outputs: readonly Tensor[],
  grads: readonly (Tensor | null)[],
  sources: readonly Tensor[],
  createGraph: boolean,
): readonly (Tensor | null)[] {
  const root = ones([]);
  const join = new TapeNode({ name: "checkpoint", grad: () => grads }, null, outputs, apply);
  join.complete([root]);
  return join.gradients(root, sources, undefined, createGraph, true);
}
