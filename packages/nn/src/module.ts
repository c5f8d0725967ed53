import { ArgumentError, runtime, type Tensor } from "@graftjs/tensor";
import { type Buffer, isBuffer } from "./buffer.ts";
import { type ForwardHook, type ForwardPreHook, Hooks } from "./hooks.ts";
import { isParameter, type Parameter } from "./parameter.ts";
import { type LoadOptions, type LoadReport, loadStateDict, type StateDict } from "./stateDict.ts";

/** A module, whatever it takes and returns. */
export type AnyModule = Module<readonly never[], unknown>;

/**
 * The base of layers and networks. What a subclass keeps in its fields is found by itself: {@link Parameter}s,
 * {@link Buffer}s and other modules, also in arrays and records. A module is called by its `forward`, hooks included.
 *
 * Names are PyTorch's, so that its weights load by name: fields are joined by dots, and a field's camelCase becomes
 * snake_case (`bn1.runningMean` is `bn1.running_mean`); indices of arrays and keys of records stand as they are.
 *
 * Source: https://pytorch.org/docs/stable/generated/torch.nn.Module.html
 *
 * @example
 * ```ts
 * import { Linear, Module } from "@graftjs/nn";
 * import { ones, relu, type Tensor } from "@graftjs/tensor";
 *
 * class Net extends Module {
 *   hidden = new Linear(4, 8);
 *   head = new Linear(8, 2);
 *   forward(x: Tensor) {
 *     return this.head.forward(relu(this.hidden.forward(x)));
 *   }
 * }
 * const net = new Net();
 * net.hidden.freeze();
 * console.log([...net.namedParameters().keys()]); // ["hidden.weight", "hidden.bias", "head.weight", "head.bias"]
 * console.log(net.parameters().filter((p) => p.requiresGrad).length, net.forward(ones([1, 4])).shape); // 2 [1, 2]
 * ```
 */
export abstract class Module<Inputs extends readonly unknown[] = readonly [x: Tensor], Output = Tensor> {
  /** Recognises modules across several installed copies of this package. */
  readonly brand = "@graftjs/module";
  #training = true;
  #frozen = false;
  #hooks: Hooks<readonly unknown[], unknown> | null = null;

  abstract forward(...inputs: Inputs): Output;

  /**
   * Whether the module is in training mode; never while it is frozen. A compiled function that depends on it is traced
   * anew when it changes.
   */
  get training(): boolean {
    const read = (): boolean => this.#training && !this.#frozen;
    runtime().tracer?.guard(read);
    return read();
  }

  /** Whether {@link freeze} is in force. */
  get frozen(): boolean {
    return this.#frozen;
  }

  /** Puts this module and all below it in training mode, or, given `false`, in evaluation mode. Frozen ones stay in evaluation mode. */
  train(mode = true): this {
    this.#training = mode;
    for (const child of this.children().values()) child.train(mode);
    return this;
  }

  /** Puts this module and all below it in evaluation mode. */
  eval(): this {
    return this.train(false);
  }

  /**
   * Runs `fn` with this module and all below it in evaluation mode, and then puts each back in the mode that it was in.
   * @internal
   */
  whileEvaluating<T>(fn: () => T): T {
    const modes = [...this.namedModules().values()].map((module) => [module, module.#training] as const);
    this.eval();
    try {
      return fn();
    } finally {
      for (const [module, training] of modes) module.#training = training;
    }
  }

  /**
   * Freezes this module and all below it: its parameters require no gradient, and it stays in evaluation mode whatever a
   * parent's `train()` says, so that neither parameters nor buffers change.
   */
  freeze(): this {
    return this.#setFrozen(true, (child) => child.freeze());
  }

  /** Ends {@link freeze} for this module and all below it: all parameters are trained, the mode is that of the last `train()` or `eval()`. */
  unfreeze(): this {
    return this.#setFrozen(false, (child) => child.unfreeze());
  }

  #setFrozen(frozen: boolean, recurse: (child: AnyModule) => void): this {
    this.#frozen = frozen;
    for (const [, value] of this.#own()) {
      if (isModule(value)) recurse(value);
      else if (isParameter(value)) {
        value.requiresGrad = !frozen;
        value.grad = null;
      }
    }
    return this;
  }

  /**
   * Sets whether the parameters of this module and of all below it are trained, and drops their gradients where not. Other
   * than after {@link freeze}, the mode is left as it is: BatchNorm's statistics move on, and Dropout drops.
   * Source: https://pytorch.org/docs/stable/generated/torch.nn.Module.html#torch.nn.Module.requires_grad_
   */
  setRequiresGrad(requiresGrad = true): this {
    for (const parameter of this.parameters()) {
      parameter.requiresGrad = requiresGrad;
      if (!requiresGrad) parameter.grad = null;
    }
    return this;
  }

  /**
   * Drops the gradients of all parameters.
   * Source: https://pytorch.org/docs/stable/generated/torch.nn.Module.html#torch.nn.Module.zero_grad
   */
  zeroGrad(): void {
    for (const parameter of this.parameters()) parameter.grad = null;
  }

  /**
   * Has `hook` called before each `forward` of this module, with the module and the list of its inputs; inputs that it
   * returns replace them. Hooks run in the order in which they were registered.
   *
   * Inside of a compiled function hooks are called while it is traced, and what they compute is part of the program. A
   * function that was compiled before does not know of them: register first.
   * @returns a function that removes the hook.
   */
  registerForwardPreHook<I extends readonly [] | readonly unknown[], O>(
    this: Module<I, O>,
    hook: ForwardPreHook<I>,
  ): () => void {
    return Module.#hooksOf(this).addBefore(hook);
  }

  /**
   * Has `hook` called after each `forward` of this module, with the module, the list of its inputs and its output; an
   * output that it returns replaces it. Hooks run in the order in which they were registered.
   *
   * Inside of a compiled function hooks are called while it is traced, and what they compute is part of the program. A
   * function that was compiled before does not know of them: register first.
   * @returns a function that removes the hook.
   */
  registerForwardHook<I extends readonly unknown[], O>(this: Module<I, O>, hook: ForwardHook<I, O>): () => void {
    return Module.#hooksOf(this).addAfter(hook);
  }

  static #hooksOf<I extends readonly unknown[], O>(module: Module<I, O>): Hooks<I, O> {
    const hooks = (module.#hooks ?? new Hooks<I, O>(module)) as Hooks<I, O>;
    module.#hooks = hooks as unknown as Hooks<readonly unknown[], unknown>;
    return hooks;
  }

  /** Calls `fn` with every module below this one, and then with this one. */
  apply(fn: (module: AnyModule) => void): this {
    for (const child of this.children().values()) child.apply(fn);
    fn(this);
    return this;
  }

  /** The modules directly below, by name. */
  children(): Map<string, AnyModule> {
    return new Map(this.#own().filter((entry): entry is [string, AnyModule] => isModule(entry[1])));
  }

  /**
   * The module at a path of names joined by dots (`layer1.0.conv1`), also one that {@link namedModules} lists under another
   * name; this one at `""`.
   * @throws {ArgumentError} if there is none.
   * Source: https://pytorch.org/docs/stable/generated/torch.nn.Module.html#torch.nn.Module.get_submodule
   */
  getSubmodule(path: string): AnyModule {
    const found = submodule(this, path);
    if (found) return found;
    throw new ArgumentError({
      op: "getSubmodule",
      expected: `the path of a module, such as ${[...this.children().keys()].slice(0, 8).join(", ") || '""'}`,
      got: path,
    });
  }

  /**
   * The parameter of this name, as {@link namedParameters} has it, or as reached by another path.
   * @throws {ArgumentError} if there is none.
   * Source: https://pytorch.org/docs/stable/generated/torch.nn.Module.html#torch.nn.Module.get_parameter
   */
  getParameter(path: string): Parameter {
    return this.#get("getParameter", path, isParameter);
  }

  /**
   * The buffer of this name, as {@link namedBuffers} has it, or as reached by another path.
   * @throws {ArgumentError} if there is none.
   * Source: https://pytorch.org/docs/stable/generated/torch.nn.Module.html#torch.nn.Module.get_buffer
   */
  getBuffer(path: string): Buffer {
    return this.#get("getBuffer", path, isBuffer);
  }

  #get<T extends Tensor>(op: string, path: string, is: (x: unknown) => x is T): T {
    for (let end = path.length; end >= 0; end = end === 0 ? -1 : Math.max(0, path.lastIndexOf(".", end - 1))) {
      const module = submodule(this, path.slice(0, end));
      const name = path.slice(end === 0 ? 0 : end + 1);
      const found = module ? module.#own().find(([own, value]) => own === name && is(value)) : undefined;
      if (found) return found[1] as unknown as T;
    }
    const names = [...this.#named(is).keys()].slice(0, 8).join(", ") || "a name, but there are none";
    throw new ArgumentError({ op, expected: `a name, such as ${names}`, got: path });
  }

  /** This module (named `""`) and all below it, each once. */
  namedModules(): Map<string, AnyModule> {
    const found = new Map<AnyModule, string>();
    const visit = (module: AnyModule, path: string): void => {
      if (found.has(module)) return;
      found.set(module, path);
      for (const [name, child] of module.children()) visit(child, join(path, name));
    };
    visit(this, "");
    return new Map([...found].map(([module, path]) => [path, module]));
  }

  /** The parameters of this module and of all below it; one that is shared appears once, under its first name. */
  namedParameters(): Map<string, Parameter> {
    return this.#named(isParameter);
  }

  parameters(): Parameter[] {
    return [...this.namedParameters().values()];
  }

  /** The buffers of this module and of all below it. */
  namedBuffers(): Map<string, Buffer> {
    return this.#named(isBuffer);
  }

  buffers(): Buffer[] {
    return [...this.namedBuffers().values()];
  }

  #named<T extends Tensor>(is: (x: unknown) => x is T): Map<string, T> {
    const names = new Map<T, string>();
    for (const [path, module] of this.namedModules()) {
      for (const [name, value] of module.#own()) {
        if (is(value) && !names.has(value)) names.set(value, join(path, name));
      }
    }
    return new Map([...names].map(([value, name]) => [name, value]));
  }

  /**
   * All parameters and buffers by name, detached. They share memory with the module, as in PyTorch: training changes
   * them. {@link copyStateDict} makes a copy that stays.
   */
  stateDict(): StateDict {
    const entries = [...this.namedParameters(), ...this.namedBuffers()];
    return Object.fromEntries(entries.map(([name, value]) => [name, value.detach()]));
  }

  /**
   * Replaces the values of parameters and buffers by those of the same name. Either all are replaced or none.
   * Entries named `num_batches_tracked` are passed over.
   * @param options `strict: false` tolerates missing and unexpected names, and returns them.
   * @throws {StateDictError} if shapes or dtypes differ, or, unless told otherwise, names are missing or unexpected.
   */
  loadStateDict(dict: StateDict, options: LoadOptions = {}): LoadReport {
    return loadStateDict(new Map<string, Tensor>([...this.namedParameters(), ...this.namedBuffers()]), dict, options);
  }

  /**
   * What parameters, buffers and submodules are looked for in, with their names: by default the module's fields. A
   * module whose names are not those of its fields says so here.
   */
  protected *members(): Iterable<readonly [name: string, value: unknown]> {
    for (const [field, value] of Object.entries(this)) yield [snakeCase(field), value];
  }

  #own(): [string, Parameter | Buffer | AnyModule][] {
    return [...this.members()].flatMap(([name, value]) => leaves(name, value));
  }
}

/**
 * Whether `x` is a module, of this or another installed copy of the package.
 *
 * @example
 * ```ts
 * import { isModule, Linear } from "@graftjs/nn";
 *
 * console.log(isModule(new Linear(2, 1)), isModule({ forward: () => 1 })); // true false
 * ```
 */
export function isModule(x: unknown): x is AnyModule {
  return typeof x === "object" && x !== null && "brand" in x && x.brand === "@graftjs/module";
}

/** The module at a path below another; names may have dots in them, so the path cannot be taken apart beforehand. */
function submodule(module: AnyModule, path: string): AnyModule | undefined {
  if (path === "") return module;
  for (const [name, child] of module.children()) {
    const rest = path === name ? "" : path.startsWith(`${name}.`) ? path.slice(name.length + 1) : null;
    const found = rest === null ? undefined : submodule(child, rest);
    if (found) return found;
  }
  return undefined;
}

/** Parameters, buffers and modules in a field: the value itself, or what its array or record holds. */
function leaves(name: string, value: unknown): [string, Parameter | Buffer | AnyModule][] {
  if (isParameter(value) || isBuffer(value) || isModule(value)) return [[name, value]];
  if (!isContainer(value)) return [];
  return Object.entries(value).flatMap(([key, inner]) => leaves(join(name, key), inner));
}

function isContainer(value: unknown): value is object {
  if (typeof value !== "object" || value === null) return false;
  return Array.isArray(value) || Object.getPrototypeOf(value) === Object.prototype;
}

function join(path: string, name: string): string {
  return path === "" ? name : name === "" ? path : `${path}.${name}`;
}

function snakeCase(field: string): string {
  return field.replace(/(?<=[a-z0-9])[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
