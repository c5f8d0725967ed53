import {
  ArgumentError,
  abs,
  add,
  concat,
  dot,
  equalShapes,
  formatShape,
  max,
  mul,
  neg,
  noGrad,
  reshape,
  slice,
  stack,
  sub,
  sum,
  type Tensor,
  unbind,
  zeros,
} from "@graftjs/tensor";
import { OptimizerStateError } from "./errors.ts";
import { ParameterGroup } from "./group.ts";
import { type LinePoint, strongWolfe } from "./lineSearch.ts";
import type { OptimizerState, SavedGroup } from "./optimizer.ts";

/** Options of {@link LBFGS}. */
export interface LBFGSOptions {
  /** Distance of a step along its direction; with a line search that of the first try. Default 1. */
  readonly learningRate: number;
  /** How many directions a step tries. Default 20. */
  readonly maxIter: number;
  /** After how many evaluations of the loss a step ends. Default ⌊1.25 · maxIter⌋. */
  readonly maxEval: number;
  /** A step ends where no element of the gradient is larger. Default 1e-7. */
  readonly toleranceGrad: number;
  /** A step ends where parameters, or the loss, change by less. Default 1e-9. */
  readonly toleranceChange: number;
  /** How many changes of the gradient are remembered. Default 100. */
  readonly historySize: number;
  /** How the distance is found: `null` (the default) takes the learning rate, `strongWolfe` searches. */
  readonly lineSearchFn: "strongWolfe" | null;
}

/** What a step leaves behind: plain JSON. */
interface Progress {
  /** How far the last direction was followed. */
  readonly distance: number;
  /** The inverse curvature that directions start from. */
  readonly diagonal: number;
  readonly loss: number;
  readonly iterations: number;
}

/** A step, and the change of the gradient along it. */
interface Pair {
  readonly step: Tensor;
  readonly change: Tensor;
}

/** What is remembered between iterations. */
interface Memory extends Progress {
  readonly direction: Tensor;
  readonly gradient: Tensor;
  readonly pairs: readonly Pair[];
}

/**
 * The limited-memory method of Broyden, Fletcher, Goldfarb and Shanno: Newton's method, with the curvature told by the last
 * steps s and changes of the gradient y: d ← -H · g, with H from at most historySize pairs, starting from H = sᵀy / yᵀy;
 * p ← p + distance · d. For full batches and few parameters: it wants the same loss again and again within a step.
 *
 * It reads losses and gradients to decide, so it is not part of a compiled function; the closure may call one.
 * Source: Nocedal 1980, https://doi.org/10.1090/S0025-5718-1980-0572855-7;
 * https://pytorch.org/docs/stable/generated/torch.optim.LBFGS.html
 *
 * @example
 * ```ts
 * import { LBFGS } from "@graftjs/optim";
 * import { square, sub, sum, tensor } from "@graftjs/tensor";
 *
 * const weight = tensor([5, -3], undefined, { requiresGrad: true });
 * const optimizer = new LBFGS([weight], { lineSearchFn: "strongWolfe" });
 * optimizer.step(() => {
 *   const loss = sum(square(sub(weight, 1)));
 *   loss.backward();
 *   return loss;
 * });
 * console.log(weight.toNested()); // [1, 1]
 * ```
 */
export class LBFGS {
  readonly groups: readonly [ParameterGroup<LBFGSOptions>];
  #memory: Memory | null = null;

  /** @throws {ArgumentError} if there are no parameters, or options are out of range. */
  constructor(parameters: Iterable<Tensor>, options: Partial<LBFGSOptions> = {}) {
    const list = [...parameters];
    const { maxIter = 20, historySize = 100, lineSearchFn = null } = options;
    const positive = [maxIter, historySize].every((n) => Number.isInteger(n) && n >= 1);
    if (list.length === 0 || !positive || ![null, "strongWolfe"].includes(lineSearchFn)) {
      throw new ArgumentError({
        op: "LBFGS",
        expected: "parameters, integers maxIter and historySize >= 1, and lineSearchFn null or strongWolfe",
        got: JSON.stringify({ parameters: list.length, maxIter, historySize, lineSearchFn }),
      });
    }
    const defaults = {
      learningRate: 1,
      maxEval: Math.floor(maxIter * 1.25),
      toleranceGrad: 1e-7,
      toleranceChange: 1e-9,
    };
    this.groups = [new ParameterGroup(list, { ...defaults, ...options, maxIter, historySize, lineSearchFn })];
  }

  /** Forgets all gradients. */
  zeroGrad(): void {
    for (const parameter of this.groups[0].parameters) parameter.grad = null;
  }

  /**
   * At most maxIter updates. Parameters that do not require a gradient stay as they are.
   * @param closure computes the loss, calls its `backward`, and returns it; gradients are forgotten before.
   * @returns the loss before the first update.
   * @throws {TraceError} inside of a compiled function.
   */
  step(closure: () => Tensor): Tensor {
    const [{ options, learningRate }] = this.groups;
    let evaluations = 0;
    const evaluate = (): { readonly result: Tensor; readonly loss: number; readonly gradient: Tensor } => {
      evaluations++;
      this.zeroGrad();
      const result = closure();
      return { result, loss: result.item(), gradient: this.#gradient() };
    };
    let { result, loss, gradient } = evaluate();
    const first = result;
    let converged = largest(gradient) <= options.toleranceGrad;
    for (let iteration = 1; iteration <= options.maxIter && !converged; iteration++) {
      const { pairs, diagonal, direction } = this.#next(gradient, options.historySize);
      const iterations = (this.#memory?.iterations ?? 0) + 1;
      const before = { loss, gradient };
      let distance = iterations === 1 ? Math.min(1, 1 / sum(abs(gradient)).item()) * learningRate : learningRate;
      const slope = dot(gradient, direction).item();
      const remember = (): void => {
        this.#memory = { ...before, pairs, diagonal, direction, iterations, distance };
      };
      remember();
      if (slope > -options.toleranceChange) break;
      const move = this.#along(direction);
      if (options.lineSearchFn === null) {
        move(distance);
        // After the last update nobody asks.
        if (iteration < options.maxIter) ({ loss, gradient } = evaluate());
      } else {
        const at = (far: number): LinePoint<Tensor> => {
          move(far);
          const found = evaluate();
          return { ...found, distance: far, slope: dot(found.gradient, direction).item() };
        };
        const start = { ...before, distance: 0, slope };
        ({ distance, loss, gradient } = strongWolfe(at, start, {
          first: distance,
          scale: largest(direction),
          most: options.maxEval - evaluations,
        }));
        move(distance);
        remember();
      }
      converged =
        evaluations >= options.maxEval ||
        largest(gradient) <= options.toleranceGrad ||
        largest(direction) * distance <= options.toleranceChange ||
        Math.abs(loss - before.loss) < options.toleranceChange;
    }
    return first;
  }

  /** The direction from a gradient, and what it is made of. */
  #next(gradient: Tensor, most: number): Pick<Memory, "pairs" | "diagonal" | "direction"> {
    const memory = this.#memory;
    if (!memory) return { pairs: [], diagonal: 1, direction: neg(gradient) };
    const pair = { step: mul(memory.direction, memory.distance), change: sub(gradient, memory.gradient) };
    const curvature = dot(pair.change, pair.step).item();
    const known = curvature > 1e-10;
    const pairs = known ? [...memory.pairs, pair].slice(-most) : memory.pairs;
    const diagonal = known ? curvature / dot(pair.change, pair.change).item() : memory.diagonal;
    return { pairs, diagonal, direction: twoLoops(neg(gradient), pairs, diagonal) };
  }

  #gradient(): Tensor {
    const parts = this.groups[0].parameters.map((p) =>
      p.requiresGrad && p.grad ? reshape(p.grad, [p.size]) : zeros([p.size], { dtype: p.dtype }),
    );
    return concat(parts as [Tensor, ...Tensor[]], 0);
  }

  /** Moves the parameters from where they are now along a direction. */
  #along(direction: Tensor): (distance: number) => void {
    const { parameters } = this.groups[0];
    const start = noGrad(() => parameters.map((p) => mul(p, 1)));
    return (distance) => {
      let at = 0;
      noGrad(() => {
        for (const [i, p] of parameters.entries()) {
          const part = reshape(slice(direction, 0, at, at + p.size), p.shape);
          if (p.requiresGrad) p.assign(add(start[i] as Tensor, mul(part, distance)));
          at += p.size;
        }
      });
    };
  }

  /** Everything that makes a run go on exactly where it stopped. */
  stateDict(): OptimizerState {
    const [{ learningRate, options, parameters }] = this.groups;
    const places = parameters.map((_, i) => i);
    if (!this.#memory) return { tensors: {}, groups: [{ learningRate, options, parameters: places }] };
    const { direction, gradient, pairs, ...progress } = this.#memory;
    const rows = (of: keyof Pair): Tensor => stack(pairs.map((pair) => pair[of]) as [Tensor, ...Tensor[]]);
    const history = pairs.length > 0 && { "0.old_stps": rows("step"), "0.old_dirs": rows("change") };
    return {
      tensors: { "0.d": direction, "0.prev_flat_grad": gradient, ...history },
      groups: [{ learningRate, options: { ...options, progress }, parameters: places }],
    };
  }

  /** Goes on from a saved state. @throws {OptimizerStateError} if it is not one of so many parameters. */
  loadStateDict(state: OptimizerState): void {
    const [group] = this.groups;
    const size = group.parameters.reduce((n, p) => n + p.size, 0);
    const [saved, ...others] = state.groups as readonly SavedGroup[];
    if (!saved || others.length > 0 || saved.parameters.length !== group.parameters.length) {
      const expected = `one group of ${group.parameters.length} parameters`;
      throw new OptimizerStateError(`loadStateDict: expected ${expected}, got ${state.groups.length} groups.`);
    }
    const { progress, ...options } = saved.options as LBFGSOptions & { readonly progress?: Progress };
    const read = (name: string, shape: readonly number[]): Tensor => {
      const value = state.tensors[`0.${name}`];
      if (value && equalShapes(value.shape, shape)) return value;
      const got = value ? formatShape(value.shape) : "none";
      throw new OptimizerStateError(`loadStateDict: expected 0.${name} of shape ${formatShape(shape)}, got ${got}.`);
    };
    let memory: Memory | null = null;
    if (progress) {
      const count = state.tensors["0.old_stps"]?.shape[0] ?? 0;
      const rows = (name: string): Tensor[] => (count === 0 ? [] : unbind(read(name, [count, size])));
      const changes = rows("old_dirs");
      const pairs = rows("old_stps").map((step, i) => ({ step, change: changes[i] as Tensor }));
      memory = { ...progress, direction: read("d", [size]), gradient: read("prev_flat_grad", [size]), pairs };
    }
    group.options = options;
    group.learningRate = saved.learningRate;
    this.#memory = memory;
  }
}

/** H · v by the pairs of steps and changes, from H = diagonal. Source: Nocedal & Wright 2006, algorithm 7.4 */
function twoLoops(v: Tensor, pairs: readonly Pair[], diagonal: number): Tensor {
  const curvatures = pairs.map(({ step, change }) => 1 / dot(change, step).item());
  const shares: number[] = [];
  let q = v;
  for (let i = pairs.length - 1; i >= 0; i--) {
    const { step, change } = pairs[i] as Pair;
    shares[i] = dot(step, q).item() * (curvatures[i] as number);
    q = sub(q, mul(change, shares[i] as number));
  }
  let r = mul(q, diagonal);
  pairs.forEach(({ step, change }, i) => {
    const share = dot(change, r).item() * (curvatures[i] as number);
    r = add(r, mul(step, (shares[i] as number) - share));
  });
  return r;
}

function largest(x: Tensor): number {
  return max(abs(x)).item();
}
