import {
  ArgumentError,
  add,
  equal,
  equalShapes,
  formatShape,
  mul,
  sub,
  type Tensor,
  where,
  zeros,
} from "@graftjs/tensor";
import { OptimizerStateError } from "./errors.ts";
import type { GroupOptions, ParameterGroup } from "./group.ts";
import { movingOf } from "./moving.ts";
import type { OptimizerLike, OptimizerState } from "./optimizer.ts";
import { Programs } from "./programs.ts";

/** Options of {@link Lookahead}. */
export interface LookaheadOptions {
  /** Steps of the optimiser from one meeting with the slow weights to the next. Default 5. */
  readonly k?: number;
  /** How far the slow weights go towards the fast ones, in [0, 1]. Default 0.5. */
  readonly alpha?: number;
}

/** What is kept for a parameter. */
interface Slow {
  /** Steps since the last meeting. */
  readonly step: Tensor;
  readonly slow: Tensor;
}

/**
 * Lookahead around another optimiser: after each k of its steps, slow weights φ ← φ + alpha · (p - φ) and p ← φ, starting at
 * the parameters as they are before the first step. Parameters that the optimiser does not move, do not move here either.
 *
 * Source: Zhang et al. 2019, https://arxiv.org/abs/1907.08610
 *
 * @example
 * ```ts
 * import { Lookahead, SGD } from "@graftjs/optim";
 * import { square, sum, tensor } from "@graftjs/tensor";
 *
 * const weight = tensor([1, -1], undefined, { requiresGrad: true });
 * const optimizer = new Lookahead(new SGD([weight], { learningRate: 0.1 }), { k: 1, alpha: 0.5 });
 * sum(square(weight)).backward();
 * optimizer.step(); // SGD goes to 0.8, the slow weights half of the way
 * console.log(weight.toNested()); // [0.9, -0.9]
 * ```
 */
export class Lookahead implements OptimizerLike {
  /** The optimiser of the fast weights. */
  readonly base: OptimizerLike;
  readonly k: number;
  readonly alpha: number;
  readonly #state = new Map<Tensor, Slow>();
  readonly #begin: Programs = new Programs((moving) => this.#started(moving));
  readonly #meet: Programs = new Programs((moving) => this.#met(moving));

  /** @throws {ArgumentError} unless k is an integer >= 1 and alpha in [0, 1]. */
  constructor(base: OptimizerLike, options: LookaheadOptions = {}) {
    const { k = 5, alpha = 0.5 } = options;
    if (!(Number.isInteger(k) && k >= 1 && alpha >= 0 && alpha <= 1)) {
      throw new ArgumentError({
        op: "Lookahead",
        expected: "an integer k >= 1, and alpha in [0, 1]",
        got: `${k} and ${alpha}`,
      });
    }
    this.base = base;
    this.k = k;
    this.alpha = alpha;
  }

  /** The groups of the optimiser, for schedules. */
  get groups(): readonly ParameterGroup<GroupOptions>[] {
    return this.base.groups;
  }

  /** Forgets all gradients. */
  zeroGrad(): void {
    this.base.zeroGrad();
  }

  /** A step of the optimiser, and every k-th time one of the slow weights. */
  step(): void {
    const moving = movingOf(this.#parameters());
    this.#begin.run(moving);
    this.base.step();
    this.#meet.run(moving);
  }

  /** Right after a meeting, the slow weights are the parameters. */
  #started(moving: readonly Tensor[]): Tensor[] {
    for (const parameter of moving) {
      const { step, slow } = this.#stateOf(parameter);
      slow.assign(where(equal(step, 0), parameter, slow));
    }
    return [];
  }

  #met(moving: readonly Tensor[]): Tensor[] {
    for (const parameter of moving) {
      const { step, slow } = this.#stateOf(parameter);
      const count = add(step, 1);
      const due = equal(count, this.k);
      const next = where(due, add(slow, mul(sub(parameter, slow), this.alpha)), slow);
      parameter.assign(where(due, next, parameter));
      slow.assign(next);
      step.assign(where(due, 0, count));
    }
    return [];
  }

  #stateOf(parameter: Tensor): Slow {
    const { shape, dtype } = parameter;
    const state = this.#state.get(parameter) ?? { step: zeros([], { dtype }), slow: zeros(shape, { dtype }) };
    this.#state.set(parameter, state);
    return state;
  }

  /** That of the optimiser, and `lookahead.0.slow` and `lookahead.0.step` by the place of the parameter. */
  stateDict(): OptimizerState {
    const { tensors, groups } = this.base.stateDict();
    const own = this.#parameters().flatMap((parameter, place) =>
      Object.entries(this.#state.get(parameter) ?? {}).map(
        ([name, value]) => [`lookahead.${place}.${name}`, (value as Tensor).detach()] as const,
      ),
    );
    return { tensors: { ...tensors, ...Object.fromEntries(own) }, groups };
  }

  /** Goes on from a saved state; values are copied. @throws {OptimizerStateError} if it does not fit. */
  loadStateDict(state: OptimizerState): void {
    const loaded = this.#parameters().map((parameter, place) => {
      const [step, slow] = ["step", "slow"].map((name) => state.tensors[`lookahead.${place}.${name}`]);
      if (step && slow && equalShapes(slow.shape, parameter.shape)) return { parameter, step, slow };
      if (!step && !slow) return { parameter };
      throw new OptimizerStateError(
        `loadStateDict: expected lookahead.${place}.slow of shape ${formatShape(parameter.shape)} with its step, got ${slow ? formatShape(slow.shape) : "none"}.`,
      );
    });
    this.base.loadStateDict(state);
    for (const { parameter, step, slow } of loaded) {
      if (!step && !this.#state.has(parameter)) continue;
      const own = this.#stateOf(parameter);
      if (slow) own.slow.assign(slow.toArray());
      own.step.assign(step?.toArray() ?? [0]);
    }
  }

  #parameters(): Tensor[] {
    return this.groups.flatMap((group) => group.parameters);
  }
}
