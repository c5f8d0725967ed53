import type { apply as applyFunction } from "../apply.ts";
import { AutogradError, ShapeError } from "../errors.ts";
import type { Op } from "../op.ts";
import { runtime, withRuntime } from "../runtime.ts";
import { equalShapes, formatShape } from "../shape.ts";
import type { Storage } from "../storage.ts";
import { ones, type Tensor } from "../tensor.ts";
import { accumulateOp } from "./accumulate.ts";
import type { CheckpointScope } from "./checkpointScope.ts";

type Apply = typeof applyFunction;

/** What has a gradient rule: an op, or a function that was checkpointed. */
export interface Differentiable {
  readonly name: string;
  readonly grad?: NonNullable<Op["grad"]>;
}

/** What an op leaves behind for the gradient: its rule and the tensors the rule may look at. */
export class TapeNode {
  readonly op: Differentiable;
  readonly attrs: unknown;
  readonly inputs: readonly Tensor[];
  /** The checkpointed function that it is part of. */
  readonly scope: CheckpointScope | null = runtime().scope;
  outputs: readonly Tensor[] = [];
  readonly #inputVersions: readonly number[];
  #outputVersions: readonly number[] = [];
  // Handed in, since `apply` itself creates tape nodes.
  readonly #apply: Apply;

  constructor(op: Differentiable, attrs: unknown, inputs: readonly Tensor[], apply: Apply) {
    this.op = op;
    this.attrs = attrs;
    this.inputs = inputs;
    this.#inputVersions = inputs.map(versionOf);
    this.#apply = apply;
  }

  /** Called once, when the results exist. */
  complete(outputs: readonly Tensor[]): void {
    this.outputs = outputs;
    this.#outputVersions = outputs.map(versionOf);
  }

  /** {@link Tensor.backward}: adds gradients to the leaves. */
  backward(root: Tensor, seed: Tensor | undefined): void {
    computeGradients(false, () => {
      const leaves = this.#propagate(root, seed, (t) => !t.tape, new Set());
      const { tracer, made } = runtime();
      const grads = new Map<Tensor, Tensor>();
      for (const [leaf, grad] of leaves) {
        tracer?.leafGradient(leaf);
        const have = leaf.borrowGrad();
        grads.set(leaf, have ? this.#sum(have, grad) : grad);
      }
      const places = Array.from(grads.values(), (grad) => grad.place);
      for (const [leaf, grad] of grads) {
        const isOwned =
          made?.has(grad.place as Storage) && places.indexOf(grad.place) === places.lastIndexOf(grad.place);
        leaf.setGrad(grad, isOwned ?? false);
      }
      return grads.values();
    });
  }

  /**
   * Gradients of `root` with respect to `targets`, which need not be leaves; `null` where it does not depend on one.
   * With `partial`, targets count as independent of each other, and nothing behind them is looked at.
   */
  gradients(
    root: Tensor,
    targets: readonly Tensor[],
    seed: Tensor | undefined,
    createGraph: boolean,
    partial = false,
  ): (Tensor | null)[] {
    return computeGradients(createGraph, () => {
      const wanted = new Set(targets);
      const found = this.#propagate(root, seed, (t) => wanted.has(t), partial ? wanted : new Set());
      return targets.map((t) => found.get(t) ?? null);
    });
  }

  /**
   * Walks from `root` to the leaves, or to where to `stop`, in reverse topological order, and returns the gradients of the
   * tensors to `keep`.
   */
  #propagate(
    root: Tensor,
    seed: Tensor | undefined,
    keep: (t: Tensor) => boolean,
    stop: ReadonlySet<Tensor>,
  ): Map<Tensor, Tensor> {
    const grads = new Map<Tensor, Tensor>([[root, checkedSeed(root, seed)]]);
    for (const node of topological(this, stop)) {
      const outputGrads = node.outputs.map((o) => grads.get(o) ?? null);
      for (const output of node.outputs) if (!keep(output)) grads.delete(output);
      const first = outputGrads.find((g) => g !== null);
      if (!first) continue;
      node.#checkVersions();
      const inputGrads = node.op.grad?.(
        {
          attrs: node.attrs,
          grad: outputGrads[0] ?? first,
          grads: outputGrads,
          output: node.outputs[0] as Tensor,
          outputs: node.outputs,
          needs: (i) => node.inputs[i]?.requiresGrad ?? false,
        },
        ...node.inputs,
      );
      inputGrads?.forEach((grad, i) => {
        const input = node.inputs[i] as Tensor;
        if (!grad || !input.requiresGrad) return;
        const have = grads.get(input);
        grads.set(input, have ? this.#sum(have, grad) : grad);
      });
      discardAllBut(grads.values());
    }
    return grads;
  }

  #sum(a: Tensor, b: Tensor): Tensor {
    return this.#apply(accumulateOp, [a, b], {})[0] as Tensor;
  }

  #checkVersions(): void {
    this.#checkVersionsOf(this.inputs, this.#inputVersions);
    this.#checkVersionsOf(this.outputs, this.#outputVersions);
  }

  #checkVersionsOf(tensors: readonly Tensor[], versions: readonly number[]): void {
    for (let i = 0; i < tensors.length; i++) {
      const t = tensors[i] as Tensor;
      if (versionOf(t) === versions[i]) continue;
      throw new AutogradError(
        `backward: a tensor ${formatShape(t.shape)} that ${this.op.name} needs for its gradient was assigned to since. Call backward before the update.`,
      );
    }
  }
}

/**
 * Runs `fn`, and gives back the memory of what it makes, except for its result. Garbage collection would take its time,
 * and gradient rules are ops of ours, that keep nothing. What can be differentiated again is kept as a whole.
 */
function computeGradients<T extends Iterable<Tensor | null>>(createGraph: boolean, fn: () => T): T {
  return withRuntime({ gradEnabled: createGraph, made: createGraph ? null : new Set() }, () => {
    const result = fn();
    discardAllBut(result);
    return result;
  });
}

/** Gives back the memory of what was made, except for that of `wanted`. */
function discardAllBut(wanted: Iterable<Tensor | null>): void {
  const { made } = runtime();
  if (!made || made.size === 0) return;
  const places = new Set<unknown>();
  for (const t of wanted) places.add(t?.place);
  for (const storage of made) {
    if (places.has(storage)) continue;
    storage.discard();
    made.delete(storage);
  }
}

/** Writes so far; inside of a trace, those that its program will have made. */
function versionOf(t: Tensor): number {
  return "host" in t.place ? t.place.version + (runtime().tracer?.assignmentsOf(t.place) ?? 0) : 0;
}

/** The gradient to start from. @throws {ShapeError} if it has another shape than `root`, or has to be given. */
export function checkedSeed(root: Tensor, seed: Tensor | undefined): Tensor {
  if (seed) {
    if (!equalShapes(seed.shape, root.shape)) {
      throw new ShapeError({
        op: "backward",
        expected: `a seed of shape ${formatShape(root.shape)}`,
        got: formatShape(seed.shape),
      });
    }
    return seed;
  }
  if (root.size !== 1) {
    throw new ShapeError({
      op: "backward",
      expected: "a tensor of one element, or a seed gradient",
      got: `shape ${formatShape(root.shape)}`,
      help: "Reduce it with mean or sum first.",
    });
  }
  return ones(root.shape, { dtype: root.dtype });
}

/** Nodes from the result towards the leaves, each before those it depends on. Iterative, since networks are deep. */
function topological(root: TapeNode, stop: ReadonlySet<Tensor>): TapeNode[] {
  const order: TapeNode[] = [];
  const seen = new Set<TapeNode>([root]);
  const stack: { node: TapeNode; next: number }[] = [{ node: root, next: 0 }];
  while (stack.length > 0) {
    const top = stack[stack.length - 1] as { node: TapeNode; next: number };
    const input = top.node.inputs[top.next++];
    if (input === undefined) {
      order.push(top.node);
      stack.pop();
    } else if (input.tape && !seen.has(input.tape) && !stop.has(input)) {
      seen.add(input.tape);
      stack.push({ node: input.tape, next: 0 });
    }
  }
  return order.reverse();
}
