import {
  ArgumentError,
  type CompiledFunction,
  compile,
  equalShapes,
  formatShape,
  noGrad,
  runtime,
  type Tensor,
  tensor,
  zeros,
} from "@graftjs/tensor";
import { OptimizerStateError } from "./errors.ts";
import { type GroupOptions, ParameterGroup } from "./group.ts";

/** Parameters with options of their own; those that are left out are the optimiser's. */
export type GroupInput<Options> = Partial<Options> & { readonly parameters: Iterable<Tensor> };

/** What an optimiser is made for: parameters, or groups of them. */
export type OptimizerInput<Options> = Iterable<Tensor> | Iterable<GroupInput<Options>>;

/** The running values of one parameter, by name. */
export type ParameterState = Record<string, Tensor>;

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

/**
 * The base of optimisers: groups, state and its saving. A subclass says what state a parameter has and how one is
 * updated. `step()` changes parameters that have a gradient and require one; others are left alone: neither weight decay
 * nor momentum moves them. It runs eagerly or as part of a compiled function.
 *
 * Source: https://pytorch.org/docs/stable/optim.html
 */
export abstract class Optimizer<Options extends GroupOptions = GroupOptions> {
  readonly groups: ParameterGroup<Options>[] = [];
  readonly #defaults: Options;
  readonly #state = new Map<Tensor, ParameterState>();
  /** Programs of eager steps, by the parameters that they move. */
  readonly #programs: { readonly moving: readonly Tensor[]; readonly run: CompiledFunction<Tensor[], void> }[] = [];

  constructor(input: OptimizerInput<Options>, defaults: Options) {
    this.#defaults = defaults;
    const items = [...input];
    const groups = items.filter((item): item is GroupInput<Options> => "parameters" in item);
    if (groups.length === 0) this.#add(items as Tensor[], {});
    else for (const group of groups) this.addGroup(group);
  }

  /** Names and shapes of what is kept for a parameter between steps. `[]`: a scalar. All start as zeros. */
  protected abstract slots(
    parameter: Tensor,
    options: Omit<Options, "learningRate">,
  ): Record<string, readonly number[]>;

  /** Assigns the parameter's, and its state's, next values. `rate` is the learning rate, a scalar. */
  protected abstract update(
    parameter: Tensor,
    grad: Tensor,
    state: ParameterState,
    rate: Tensor,
    options: Omit<Options, "learningRate">,
  ): void;

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
    const { tracer } = runtime();
    this.#guard();
    const moving = this.#parameters().filter((p) => p.borrowGrad() && p.requiresGrad);
    const grads = moving.map((p) => p.borrowGrad() as Tensor);
    if (tracer) this.#update(moving, grads);
    else if (moving.length > 0) this.#programOf(moving)(...grads);
  }

  /** Makes a trace depend on what it cannot see. */
  #guard(): void {
    const { tracer } = runtime();
    if (!tracer) return;
    tracer.guard(() => this.groups.length);
    for (const parameter of this.#parameters()) {
      tracer.guard(() => parameter.requiresGrad);
      // A gradient from outside of the trace is another tensor the next time.
      if (parameter.grad && "host" in parameter.grad.place) tracer.guard(() => parameter.grad);
    }
  }

  /** Also an eager step updates all parameters in one program: op by op, most of the time would go into copying. */
  #programOf(moving: readonly Tensor[]): CompiledFunction<Tensor[], void> {
    const known = this.#programs.find(
      (p) => p.moving.length === moving.length && p.moving.every((t, i) => t === moving[i]),
    );
    if (known) return known.run;
    const run = compile((...grads: Tensor[]) => this.#update(moving, grads));
    this.#programs.push({ moving, run });
    return run;
  }

  #update(moving: readonly Tensor[], grads: readonly Tensor[]): void {
    const gradOf = new Map(moving.map((p, i) => [p, grads[i] as Tensor]));
    noGrad(() => {
      for (const group of this.groups) {
        const options = group.guarded();
        for (const parameter of group.parameters) {
          const grad = gradOf.get(parameter);
          if (grad) this.update(parameter, grad, this.#stateOf(parameter, options), group.rate, options);
        }
      }
    });
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
    const loaded = this.#parameters().flatMap((parameter, place): [Tensor, ParameterState][] => {
      const slots = this.#loadSlots(parameter, place, state);
      return slots ? [[parameter, slots]] : [];
    });
    this.groups.forEach((group, i) => {
      const saved = state.groups[i] as SavedGroup;
      group.options = { ...group.options, ...saved.options };
      group.learningRate = saved.learningRate;
    });
    for (const parameter of this.#parameters()) this.#reset(parameter);
    for (const [parameter, slots] of loaded) {
      const own = this.#state.get(parameter) ?? {};
      this.#state.set(parameter, own);
      for (const [name, value] of Object.entries(slots)) {
        if (own[name]) own[name].assign(value);
        else own[name] = value;
      }
    }
  }

  #loadSlots(parameter: Tensor, place: number, state: OptimizerState): ParameterState | null {
    const group = this.groups.findIndex((g) => g.parameters.includes(parameter));
    const saved = state.groups[group]?.options as Omit<Options, "learningRate">;
    const slots = Object.entries(this.slots(parameter, saved));
    const prefix = `${place}.`;
    const names = Object.keys(state.tensors).filter((name) => name.startsWith(prefix));
    if (names.length === 0) return null;
    const found = slots.map(([name, shape]): [string, Tensor] => {
      const value = state.tensors[prefix + name];
      if (!value || !equalShapes(value.shape, shape)) {
        throw new OptimizerStateError(
          `loadStateDict: expected ${prefix}${name} of shape ${formatShape(shape)}, got ${value ? formatShape(value.shape) : names.join(", ")}.`,
        );
      }
      return [name, tensor(value.toArray(), shape)];
    });
    return Object.fromEntries(found);
  }

  /** As if the parameter had never been updated. Compiled functions hold on to the tensors, so their values change. */
  #reset(parameter: Tensor): void {
    for (const value of Object.values(this.#state.get(parameter) ?? {})) value.assign(new Float32Array(value.size));
  }

  #stateOf(parameter: Tensor, options: Omit<Options, "learningRate">): ParameterState {
    const slots = this.#state.get(parameter) ?? {};
    this.#state.set(parameter, slots);
    for (const [name, shape] of Object.entries(this.slots(parameter, options))) slots[name] ??= zeros(shape);
    return slots;
  }

  #parameters(): Tensor[] {
    return this.groups.flatMap((group) => group.parameters);
  }
}
