import { ArgumentError, equalShapes, formatShape, runtime, type Shape, type Tensor, tensor } from "@graftjs/tensor";
import { OptimizerStateError } from "./errors.ts";
import { type GroupOptions, type Momentum, ParameterGroup } from "./group.ts";
import { movingOf } from "./moving.ts";
import { Programs } from "./programs.ts";

/** Parameters with options of their own; those that are left out are the optimiser's. */
export type GroupInput<Options> = Partial<Options> & { readonly parameters: Iterable<Tensor> };

/** What an optimiser is made for: parameters, or groups of them. */
export type OptimizerInput<Options> = Iterable<Tensor> | Iterable<GroupInput<Options>>;

/** A running value of a parameter, as it is before the first update. */
export interface Slot {
  readonly shape: Shape;
  /** Of all elements. Default 0. */
  readonly value?: number;
}

/** The running values of one parameter, by name. */
export type ParameterState = Record<string, Tensor>;

/** One update of one parameter. */
export interface Update<Options> {
  readonly parameter: Tensor;
  readonly grad: Tensor;
  readonly state: ParameterState;
  /** The learning rate, a scalar. */
  readonly rate: Tensor;
  /** `momentum`, or the first of `betas`: to be read here and not from the options, so that it may change. */
  readonly momentum: Momentum;
  readonly options: Omit<Options, "learningRate">;
}

/** Options of a group, and its parameters by their place among all of them. Plain JSON. */
export interface SavedGroup {
  readonly learningRate: number;
  readonly options: object;
  readonly parameters: readonly number[];
}

/** Everything that makes a run go on exactly where it stopped. */
export interface OptimizerState {
  /** Running values, named `0.momentum_buffer` by the place of the parameter. They share memory with the optimiser. */
  readonly tensors: Readonly<Record<string, Tensor>>;
  readonly groups: readonly SavedGroup[];
}

/** What an {@link Optimizer} and what wraps one have in common. */
export interface OptimizerLike {
  readonly groups: readonly ParameterGroup<GroupOptions>[];
  zeroGrad(): void;
  step(): void;
  stateDict(): OptimizerState;
  loadStateDict(state: OptimizerState): void;
}

/**
 * The base of optimisers: groups, state and its saving. A subclass says what state a parameter has and how one is
 * updated. `step()` changes parameters that have a gradient and require one; others are left alone: neither weight decay
 * nor momentum moves them, and no state is made for them. It runs eagerly or as part of a compiled function.
 *
 * Source: https://pytorch.org/docs/stable/optim.html
 *
 * @example
 * ```ts
 * import { Optimizer, type OptimizerInput, type Slot, type Update } from "@graftjs/optim";
 * import { mul, sign, sub, tensor } from "@graftjs/tensor";
 *
 * class SignSGD extends Optimizer<{ readonly learningRate: number }> {
 *   constructor(input: OptimizerInput<{ readonly learningRate: number }>) {
 *     super(input, { learningRate: 0.5 });
 *   }
 *   protected slots(): Record<string, Slot> {
 *     return {};
 *   }
 *   protected update({ parameter, grad, rate }: Update<object>): void {
 *     parameter.assign(sub(parameter, mul(sign(grad), rate)));
 *   }
 * }
 * const weight = tensor([1, -1], undefined, { requiresGrad: true });
 * const optimizer = new SignSGD([weight]);
 * weight.grad = tensor([3, -7]);
 * optimizer.step();
 * console.log(weight.toNested()); // [0.5, -0.5]
 * ```
 */
export abstract class Optimizer<Options extends GroupOptions = GroupOptions> implements OptimizerLike {
  readonly groups: ParameterGroup<Options>[] = [];
  readonly #defaults: Options;
  readonly #state = new Map<Tensor, ParameterState>();
  readonly #programs: Programs = new Programs((moving, grads) => this.#update(moving, grads));

  constructor(input: OptimizerInput<Options>, defaults: Options) {
    this.#defaults = defaults;
    const items = [...input];
    const groups = items.filter((item): item is GroupInput<Options> => "parameters" in item);
    if (groups.length === 0) this.#add(items as Tensor[], {});
    else for (const group of groups) this.addGroup(group);
  }

  /** Names of what is kept for a parameter between steps, with the values at first. */
  protected abstract slots(parameter: Tensor, options: Options): Record<string, Slot>;

  /** Assigns the parameter's, and its state's, next values. */
  protected abstract update(update: Update<Options>): void;

  /** Adds parameters to be trained, for instance of a part that was unfrozen. @throws {ArgumentError} if there are none, or one is there already. */
  addGroup(input: GroupInput<Options>): void {
    const { parameters, ...options } = input;
    this.#add([...parameters], options);
  }

  #add(list: readonly Tensor[], options: object): void {
    const known = new Set(this.#parameters());
    if (list.length === 0 || new Set(list).size !== list.length || list.some((p) => known.has(p))) {
      throw new ArgumentError({
        op: this.constructor.name,
        expected: "at least one parameter, and none twice",
        got: list.length === 0 ? "none" : `${list.length} parameters with repetitions`,
      });
    }
    this.groups.push(new ParameterGroup<Options>(list, { ...this.#defaults, ...options }));
  }

  /** Forgets all gradients. */
  zeroGrad(): void {
    for (const parameter of this.#parameters()) parameter.grad = null;
  }

  /** Updates each parameter by its gradient. */
  step(): void {
    runtime().tracer?.guard(() => this.groups.length);
    const moving = movingOf(this.#parameters());
    this.#programs.run(
      moving,
      moving.map((p) => p.borrowGrad() as Tensor),
    );
  }

  #update(moving: readonly Tensor[], grads: readonly Tensor[]): Tensor[] {
    const gradOf = new Map(moving.map((p, i) => [p, grads[i] as Tensor]));
    for (const group of this.groups) {
      const options = group.guarded();
      for (const parameter of group.parameters) {
        const grad = gradOf.get(parameter);
        if (!grad) continue;
        const state = this.#stateOf(parameter, group);
        this.update({ parameter, grad, state, options, ...group.scalars(parameter.dtype) });
      }
    }
    return [];
  }

  /** @see OptimizerState */
  stateDict(): OptimizerState {
    const place = new Map(this.#parameters().map((p, i) => [p, i]));
    const tensors = [...this.#state].flatMap(([parameter, slots]) =>
      Object.entries(slots).map(([name, value]) => [`${place.get(parameter)}.${name}`, value.detach()] as const),
    );
    const groups = this.groups.map(({ learningRate, options, parameters }) => ({
      learningRate,
      options,
      parameters: parameters.map((p) => place.get(p) as number),
    }));
    return { tensors: Object.fromEntries(tensors), groups };
  }

  /**
   * Goes on from a saved state; values are copied.
   * @throws {OptimizerStateError} if groups, names or shapes are not those of this optimiser.
   */
  loadStateDict(state: OptimizerState): void {
    const sizes = (groups: readonly { readonly parameters: readonly unknown[] }[]): string =>
      groups.map((g) => g.parameters.length).join(", ") || "none";
    if (sizes(state.groups) !== sizes(this.groups)) {
      throw new OptimizerStateError(
        `loadStateDict: expected groups of ${sizes(this.groups)} parameters, got ${sizes(state.groups)}. Make the optimiser with the groups it was saved with.`,
      );
    }
    let place = 0;
    const loaded = this.groups.flatMap((group, i) =>
      group.parameters.map((parameter) => {
        const { options, learningRate } = state.groups[i] as SavedGroup;
        const slots = this.slots(parameter, { ...group.options, ...options, learningRate } as Options);
        return { parameter, slots, values: this.#loadSlots(parameter, slots, place++, state) };
      }),
    );
    this.groups.forEach((group, i) => {
      const saved = state.groups[i] as SavedGroup;
      group.options = { ...group.options, ...saved.options };
      group.learningRate = saved.learningRate;
    });
    for (const { parameter, slots, values } of loaded) this.#restore(parameter, slots, values);
  }

  /** The saved values of a parameter, or null if it had not been updated yet. */
  #loadSlots(
    parameter: Tensor,
    slots: Record<string, Slot>,
    place: number,
    state: OptimizerState,
  ): ParameterState | null {
    const prefix = `${place}.`;
    const names = Object.keys(state.tensors).filter((name) => name.startsWith(prefix));
    if (names.length === 0) return null;
    const found = Object.entries(slots).map(([name, { shape }]): [string, Tensor] => {
      const value = state.tensors[prefix + name];
      if (!value || !equalShapes(value.shape, shape)) {
        throw new OptimizerStateError(
          `loadStateDict: expected ${prefix}${name} of shape ${formatShape(shape)}, got ${value ? formatShape(value.shape) : names.join(", ")}.`,
        );
      }
      return [name, tensor(value.toArray(), shape, { dtype: parameter.dtype })];
    });
    return Object.fromEntries(found);
  }

  /** Compiled functions hold on to the tensors of the state that there is, so their values change. */
  #restore(parameter: Tensor, slots: Record<string, Slot>, values: ParameterState | null): void {
    const own = this.#state.get(parameter);
    if (!own && !values) return;
    const state = own ?? {};
    this.#state.set(parameter, state);
    for (const [name, slot] of Object.entries(slots)) {
      const value = values?.[name] ?? initial(slot, parameter);
      if (state[name]) state[name].assign(value);
      else state[name] = value;
    }
  }

  #stateOf(parameter: Tensor, group: ParameterGroup<Options>): ParameterState {
    const state = this.#state.get(parameter) ?? {};
    this.#state.set(parameter, state);
    const options = { ...group.options, learningRate: group.learningRate } as Options;
    for (const [name, slot] of Object.entries(this.slots(parameter, options))) state[name] ??= initial(slot, parameter);
    return state;
  }

  #parameters(): Tensor[] {
    return this.groups.flatMap((group) => group.parameters);
  }
}

function initial({ shape, value = 0 }: Slot, { dtype }: Tensor): Tensor {
  return tensor(new Float64Array(shape.reduce((n, d) => n * d, 1)).fill(value), shape, { dtype });
}
