import type { AnyModule } from "./module.ts";

/**
 * Called before a module's `forward`, with the module and its inputs; returns other inputs to replace them.
 * Source: https://pytorch.org/docs/stable/generated/torch.nn.Module.html#torch.nn.Module.register_forward_pre_hook
 */
export type ForwardPreHook<Inputs extends readonly unknown[]> = (
  module: AnyModule,
  inputs: Inputs,
  // biome-ignore lint/suspicious/noConfusingVoidType: a hook that only looks returns nothing.
) => Inputs | undefined | void;

/**
 * Called after a module's `forward`, with the module, its inputs and its output; returns another output to replace it.
 * Source: https://pytorch.org/docs/stable/generated/torch.nn.Module.html#torch.nn.Module.register_forward_hook
 */
export type ForwardHook<Inputs extends readonly unknown[], Output> = (
  module: AnyModule,
  inputs: Inputs,
  output: Output,
  // biome-ignore lint/suspicious/noConfusingVoidType: a hook that only looks returns nothing.
) => Output | undefined | void;

/** Anything with a `forward`, whatever it takes. */
interface Callable<Inputs extends readonly unknown[], Output> {
  forward(...inputs: Inputs): Output;
}

/**
 * The hooks of one module. While there are any, its `forward` is a property of the instance, which calls them around the
 * module's own: so every caller runs them, and a module without hooks costs nothing.
 */
export class Hooks<Inputs extends readonly unknown[], Output> {
  readonly #module: Callable<Inputs, Output>;
  readonly #before = new Set<{ readonly hook: ForwardPreHook<Inputs> }>();
  readonly #after = new Set<{ readonly hook: ForwardHook<Inputs, Output> }>();

  constructor(module: Callable<Inputs, Output>) {
    this.#module = module;
  }

  addBefore(hook: ForwardPreHook<Inputs>): () => void {
    return this.#add(this.#before, { hook });
  }

  addAfter(hook: ForwardHook<Inputs, Output>): () => void {
    return this.#add(this.#after, { hook });
  }

  // Entries are objects of their own, so that a hook that is registered twice runs twice.
  #add<T>(entries: Set<T>, entry: T): () => void {
    if (this.#count() === 0) this.#install();
    entries.add(entry);
    return () => {
      if (entries.delete(entry) && this.#count() === 0) this.#uninstall();
    };
  }

  #count(): number {
    return this.#before.size + this.#after.size;
  }

  #uninstall: () => void = () => {};

  #install(): void {
    const module = this.#module;
    const own = Object.getOwnPropertyDescriptor(module, "forward");
    const forward = module.forward;
    const hooked = (...inputs: Inputs): Output => {
      const caller = module as unknown as AnyModule;
      let given = inputs;
      for (const { hook } of this.#before) given = hook(caller, given) ?? given;
      let output = forward.apply(module, given as never);
      for (const { hook } of this.#after) output = hook(caller, given, output) ?? output;
      return output;
    };
    Object.defineProperty(module, "forward", { value: hooked, configurable: true, writable: true });
    this.#uninstall = () => {
      if (own) Object.defineProperty(module, "forward", own);
      else Reflect.deleteProperty(module, "forward");
    };
  }
}
