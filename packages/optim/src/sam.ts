import { ArgumentError, abs, add, div, mul, noGrad, sqrt, sum, type Tensor } from "@graftjs/tensor";
import type { GroupOptions, ParameterGroup } from "./group.ts";
import { movingOf } from "./moving.ts";
import type { OptimizerLike, OptimizerState } from "./optimizer.ts";
import { Programs } from "./programs.ts";

/** Options of {@link SAM}. */
export interface SAMOptions {
  /** Radius of the neighbourhood, >= 0. Default 0.05. */
  readonly rho?: number;
  /** Whether the neighbourhood is scaled with the parameters (ASAM); then radii about ten times larger suit. Default `false`. */
  readonly adaptive?: boolean;
}

/**
 * Sharpness-aware minimisation around another optimiser: its step takes the gradient not at p, but at p + ε, with
 * ε = rho · g / ‖g‖ over all parameters (adaptive: rho · p² · g / ‖|p| · g‖), where the loss is about the highest nearby.
 * Each step computes the gradient twice. Parameters that the step would not move, do not move here either.
 *
 * Layers that keep running statistics take up the second pass too, as in other implementations.
 *
 * Source: Foret et al. 2021, https://arxiv.org/abs/2010.01412; adaptive: Kwon et al. 2021, https://arxiv.org/abs/2102.11600
 *
 * @example
 * ```ts
 * import { SAM, SGD } from "@graftjs/optim";
 * import { square, sum, tensor } from "@graftjs/tensor";
 *
 * const weight = tensor([1, -1], undefined, { requiresGrad: true });
 * const optimizer = new SAM(new SGD([weight], { learningRate: 0.1 }), { rho: 0.05 });
 * optimizer.step(() => sum(square(weight)).backward()); // called twice
 * console.log(weight.toNested()); // [0.7929, -0.7929]
 * ```
 */
export class SAM {
  /** The optimiser that moves the parameters. */
  readonly base: OptimizerLike;
  readonly rho: number;
  readonly adaptive: boolean;
  readonly #climb: Programs = new Programs((moving, grads) => this.#climbed(moving, grads));

  /** @throws {ArgumentError} unless rho >= 0. */
  constructor(base: OptimizerLike, options: SAMOptions = {}) {
    this.base = base;
    this.rho = options.rho ?? 0.05;
    this.adaptive = options.adaptive ?? false;
    if (!(this.rho >= 0)) throw new ArgumentError({ op: "SAM", expected: "rho >= 0", got: String(this.rho) });
  }

  /** The groups of the optimiser, for schedules. */
  get groups(): readonly ParameterGroup<GroupOptions>[] {
    return this.base.groups;
  }

  /** Forgets all gradients. */
  zeroGrad(): void {
    this.base.zeroGrad();
  }

  /**
   * One update, eagerly or as part of a compiled function.
   * @param closure computes the loss, calls its `backward`, and returns it; it is called twice, with gradients forgotten before.
   * @returns what it returned at first: the loss at the parameters themselves.
   */
  step<T>(closure: () => T): T {
    this.zeroGrad();
    const loss = closure();
    const moving = movingOf(this.groups.flatMap((group) => group.parameters));
    const before = this.#climb.run(
      moving,
      moving.map((p) => p.grad as Tensor),
    );
    this.zeroGrad();
    closure();
    noGrad(() => {
      for (const [i, parameter] of moving.entries()) parameter.assign(before[i] as Tensor);
    });
    this.base.step();
    return loss;
  }

  /** Moves the parameters to where the loss is higher; returns where they were. */
  #climbed(moving: readonly Tensor[], grads: readonly Tensor[]): Tensor[] {
    const before = moving.map((p) => mul(p, 1));
    const scaled = grads.map((g, i) => (this.adaptive ? mul(abs(moving[i] as Tensor), g) : g));
    const square = scaled.map((g) => sum(mul(g, g))).reduce((a, b) => add(a, b));
    const factor = div(this.rho, add(sqrt(square), 1e-12));
    for (const [i, parameter] of moving.entries()) {
      const direction = scaled[i] as Tensor;
      const ascent = this.adaptive ? mul(abs(parameter), direction) : direction;
      parameter.assign(add(parameter, mul(ascent, factor)));
    }
    return before;
  }

  /** That of the optimiser: there is no other state. */
  stateDict(): OptimizerState {
    return this.base.stateDict();
  }

  /** Goes on from a saved state. @throws {OptimizerStateError} if it does not fit the optimiser. */
  loadStateDict(state: OptimizerState): void {
    this.base.loadStateDict(state);
  }
}
