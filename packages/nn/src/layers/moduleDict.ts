import { ArgumentError, GraftError } from "@graftjs/tensor";
import { type AnyModule, Module } from "../module.ts";

/**
 * Modules by name; the names stand as they are in a state dictionary. A record in a field does as well; this one is
 * itself a module, so that it can be frozen, or put in a mode, as a whole.
 * Source: https://pytorch.org/docs/stable/generated/torch.nn.ModuleDict.html
 *
 * @example
 * ```ts
 * import { Linear, ModuleDict } from "@graftjs/nn";
 * import { ones } from "@graftjs/tensor";
 *
 * const heads = new ModuleDict({ cats: new Linear(4, 2) });
 * heads.set("dogs", new Linear(4, 3));
 * console.log([...heads.keys()], heads.get("dogs").forward(ones([1, 4])).shape); // ["cats", "dogs"] [1, 3]
 * ```
 */
export class ModuleDict<T extends AnyModule = Module> extends Module<readonly [], never> {
  readonly #modules: Map<string, T>;

  constructor(modules: Readonly<Record<string, T>> = {}) {
    super();
    this.#modules = new Map(Object.entries(modules));
  }

  /** How many modules there are. */
  get size(): number {
    return this.#modules.size;
  }

  /** The module of a name. @throws {ArgumentError} if there is none. */
  get(name: string): T {
    const found = this.#modules.get(name);
    if (found) return found;
    throw new ArgumentError({
      op: "ModuleDict.get",
      expected: `one of ${[...this.#modules.keys()].join(", ")}`,
      got: name,
    });
  }

  has(name: string): boolean {
    return this.#modules.has(name);
  }

  /** Gives a module a name, in place of the one that had it. */
  set(name: string, module: T): this {
    this.#modules.set(name, module);
    return this;
  }

  /** Whether there was one to take out. */
  delete(name: string): boolean {
    return this.#modules.delete(name);
  }

  keys(): Iterable<string> {
    return this.#modules.keys();
  }

  values(): Iterable<T> {
    return this.#modules.values();
  }

  [Symbol.iterator](): Iterator<[string, T]> {
    return this.#modules[Symbol.iterator]();
  }

  /** @throws {GraftError} always: call the modules of the dictionary. */
  forward(): never {
    throw new GraftError("ModuleDict has no forward: call the modules in it.", { op: "ModuleDict" });
  }

  protected override members(): Iterable<readonly [string, unknown]> {
    return this.#modules;
  }
}
