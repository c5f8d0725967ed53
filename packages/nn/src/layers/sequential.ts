import { ArgumentError, type Tensor } from "@graftjs/tensor";
import { isModule, Module } from "../module.ts";

/**
 * Modules that are applied one after the other. They are named `0`, `1`, ..., or, given as a record, by its keys.
 * Source: https://pytorch.org/docs/stable/generated/torch.nn.Sequential.html
 *
 * @example
 * ```ts
 * import { Linear, ReLU, Sequential } from "@graftjs/nn";
 * import { ones } from "@graftjs/tensor";
 *
 * const net = new Sequential({ features: new Sequential(new Linear(4, 8), new ReLU()), head: new Linear(8, 2) });
 * console.log(net.forward(ones([1, 4])).shape, [...net.namedParameters().keys()].length); // [1, 2] 4
 * console.log(net.getParameter("features.0.weight").shape); // [8, 4]
 * ```
 */
export class Sequential extends Module implements Iterable<Module> {
  #layers: Readonly<Record<string, Module>>;

  constructor(...layers: readonly Module[] | readonly [Readonly<Record<string, Module>>]) {
    super();
    const [first] = layers;
    const named = layers.length === 1 && !isModule(first);
    this.#layers = Object.fromEntries(Object.entries(named ? (first as Record<string, Module>) : (layers as Module[])));
  }

  /** The modules by name, in their order. */
  get layers(): Readonly<Record<string, Module>> {
    return this.#layers;
  }

  /** How many modules there are. */
  get length(): number {
    return Object.keys(this.#layers).length;
  }

  /**
   * The module at a place, negative ones from the end, or of a name.
   * @throws {ArgumentError} if there is none.
   */
  get(at: number | string): Module {
    const found = typeof at === "number" ? Object.values(this.#layers).at(at) : this.#layers[at];
    if (found) return found;
    throw new ArgumentError({
      op: "Sequential.get",
      expected: `a place in [-${this.length}, ${this.length}) or one of ${Object.keys(this.#layers).join(", ")}`,
      got: String(at),
    });
  }

  /** Adds a module at the end, named by its place. @throws {ArgumentError} if that name is taken. */
  append(layer: Module): this {
    const name = String(this.length);
    if (Object.hasOwn(this.#layers, name)) {
      throw new ArgumentError({ op: "Sequential.append", expected: `no module named ${name} yet`, got: "one" });
    }
    this.#layers = { ...this.#layers, [name]: layer };
    return this;
  }

  /** A sequence of the same modules, under the same names, from `start` up to, not including, `end`; as `Array.slice`. */
  slice(start = 0, end: number = this.length): Sequential {
    return new Sequential(Object.fromEntries(Object.entries(this.#layers).slice(start, end)));
  }

  [Symbol.iterator](): Iterator<Module> {
    return Object.values(this.#layers)[Symbol.iterator]();
  }

  forward(x: Tensor): Tensor {
    return Object.values(this.#layers).reduce((input, layer) => layer.forward(input), x);
  }

  protected override members(): Iterable<readonly [string, unknown]> {
    return Object.entries(this.#layers);
  }
}
