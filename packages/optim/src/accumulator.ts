import {
  add,
  cast,
  div,
  equalShapes,
  formatShape,
  full,
  maximum,
  noGrad,
  runtime,
  type Tensor,
  zeros,
} from "@graftjs/tensor";
import { OptimizerStateError } from "./errors.ts";
import { Programs } from "./programs.ts";

/** Sums by the place of the parameter, and the number of gradients in them. They share memory with the accumulator. */
export interface AccumulatorState {
  readonly tensors: Readonly<Record<string, Tensor>>;
}

/**
 * The mean of the gradients of several small batches, for an update as of one large batch. Eagerly, `backward` adds up in
 * `grad` by itself while `zeroGrad` is not called; a compiled function knows no gradients from before, and this keeps them:
 * each small step ends with `add()`, and each update begins with `take()`.
 *
 * @example
 * ```ts
 * import { GradientAccumulator } from "@graftjs/optim";
 * import { mul, sum, tensor } from "@graftjs/tensor";
 *
 * const weight = tensor([1], undefined, { requiresGrad: true });
 * const accumulator = new GradientAccumulator([weight]);
 * for (const x of [1, 3]) {
 *   weight.grad = null;
 *   sum(mul(weight, x)).backward();
 *   accumulator.add();
 * }
 * accumulator.take();
 * console.log(weight.grad?.toNested()); // [2]
 * ```
 */
export class GradientAccumulator {
  readonly #parameters: readonly Tensor[];
  readonly #sums = new Map<Tensor, Tensor>();
  readonly #count: Tensor = zeros([]);
  readonly #adds: Programs = new Programs((owners, grads) => this.#added(owners, grads));
  readonly #takes: Programs = new Programs((owners) => this.#taken(owners));

  constructor(parameters: Iterable<Tensor>) {
    this.#parameters = [...parameters];
  }

  /** Adds the gradients that there are to the sums, and forgets them. */
  add(): void {
    const { tracer } = runtime();
    for (const p of this.#parameters) {
      tracer?.guard(() => p.requiresGrad);
      if (p.grad && "host" in p.grad.place) tracer?.guard(() => p.grad);
    }
    const owners = this.#parameters.filter((p) => p.grad);
    this.#adds.run(
      owners,
      owners.map((p) => p.grad as Tensor),
    );
    for (const p of owners) p.grad = null;
  }

  #added(owners: readonly Tensor[], grads: readonly Tensor[]): Tensor[] {
    for (const [i, owner] of owners.entries()) {
      const sum = this.#sumOf(owner);
      sum.assign(add(sum, grads[i] as Tensor));
    }
    this.#count.assign(add(this.#count, 1));
    return [];
  }

  /**
   * Gives all parameters that require one their mean gradient since the last time, and starts anew. Parameters that have
   * had none since the beginning get none.
   */
  take(): void {
    const { tracer } = runtime();
    tracer?.guard(() => this.#sums.size);
    for (const p of this.#parameters) tracer?.guard(() => p.requiresGrad);
    const owners = this.#parameters.filter((p) => this.#sums.has(p));
    const grads = this.#takes.run(owners);
    for (const [i, owner] of owners.entries()) {
      if (!owner.requiresGrad) continue;
      owner.grad = null;
      // Taken off again when the trace ends, as those of backward.
      tracer?.leafGradient(owner);
      owner.grad = grads[i] as Tensor;
    }
  }

  #taken(owners: readonly Tensor[]): Tensor[] {
    const count = maximum(this.#count, 1);
    const means = owners.map((owner) => {
      const sum = this.#sumOf(owner);
      const mean = div(sum, cast(count, sum.dtype));
      sum.assign(full(sum.shape, 0, { dtype: sum.dtype }));
      return mean;
    });
    this.#count.assign(full([], 0));
    return means;
  }

  #sumOf(owner: Tensor): Tensor {
    const sum = this.#sums.get(owner) ?? zeros(owner.shape, { dtype: owner.dtype });
    this.#sums.set(owner, sum);
    return sum;
  }

  /** @see AccumulatorState */
  stateDict(): AccumulatorState {
    const sums = this.#parameters.flatMap((p, i) => {
      const sum = this.#sums.get(p);
      return sum ? [[String(i), sum.detach()] as const] : [];
    });
    return { tensors: { ...Object.fromEntries(sums), count: this.#count.detach() } };
  }

  /** Goes on from a saved state; values are copied. @throws {OptimizerStateError} if it does not fit. */
  loadStateDict({ tensors }: AccumulatorState): void {
    const { count, ...sums } = tensors;
    for (const [place, value] of Object.entries(sums)) {
      const owner = this.#parameters[Number(place)];
      if (!owner || !equalShapes(owner.shape, value.shape)) {
        throw new OptimizerStateError(
          `loadStateDict: expected a sum of shape ${owner ? formatShape(owner.shape) : "none"} for parameter ${place}, got ${formatShape(value.shape)}.`,
        );
      }
    }
    if (!count) throw new OptimizerStateError("loadStateDict: expected a count, got none.");
    noGrad(() => {
      this.#parameters.forEach((owner, i) => {
        const value = sums[String(i)];
        if (value) this.#sumOf(owner).assign(value.toArray());
        else this.#sums.get(owner)?.assign(new Float64Array(owner.size));
      });
      this.#count.assign(count.toArray());
    });
  }
}
