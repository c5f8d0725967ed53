import { ArgumentError, GraftError } from "@graftjs/tensor";
import { type AnyModule, Module } from "../module.ts";

/**
 * A list of modules, named `0`, `1`, ... An array in a field does as well; this one is itself a module, so that it can be
 * frozen, or put in a mode, as a whole.
 * Source: https://pytorch.org/docs/stable/generated/torch.nn.ModuleList.html
 *
 * @example
 * ```ts
 * import { Linear, ModuleList } from "@graftjs/nn";
 *
 * const layers = new ModuleList([new Linear(4, 4), new Linear(4, 4)]);
 * layers.append(new Linear(4, 2));
 * console.log(layers.length, layers.get(-1).weight.shape); // 3 [2, 4]
 * ```
 */
export class ModuleList<T extends AnyModule = Module> extends Module<readonly [], never> implements Iterable<T> {
  readonly #modules: T[];

  constructor(modules: Iterable<T> = []) {
    super();
    this.#modules = [...modules];
  }

  /** How many modules there are. */
  get length(): number {
    return this.#modules.length;
  }

  /** The module at a place, negative ones from the end. @throws {ArgumentError} if there is none. */
  get(index: number): T {
    const found = this.#modules.at(index);
    if (found) return found;
    throw new ArgumentError({
      op: "ModuleList.get",
      expected: `a place in [-${this.length}, ${this.length})`,
      got: String(index),
    });
  }

  append(module: T): this {
    this.#modules.push(module);
    return this;
  }

  extend(modules: Iterable<T>): this {
    this.#modules.push(...modules);
    return this;
  }

  /** Puts a module before the one at a place. */
  insert(index: number, module: T): this {
    this.#modules.splice(index, 0, module);
    return this;
  }

  /** A list of the same modules from `start` up to, not including, `end`; as `Array.slice`. */
  slice(start?: number, end?: number): ModuleList<T> {
    return new ModuleList(this.#modules.slice(start, end));
  }

  [Symbol.iterator](): Iterator<T> {
    return this.#modules[Symbol.iterator]();
  }

  /** @throws {GraftError} always: call the modules of the list. */
  forward(): never {
    throw new GraftError("ModuleList has no forward: call the modules in it, or use Sequential.", { op: "ModuleList" });
  }

  protected override members(): Iterable<readonly [string, unknown]> {
    return this.#modules.map((module, i) => [String(i), module] as const);
  }
}
