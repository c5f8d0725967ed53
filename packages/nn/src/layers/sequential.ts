import type { Tensor } from "@graftjs/tensor";
import { isModule, Module } from "../module.ts";

/**
 * Modules that are applied one after the other. They are named `0`, `1`, ..., or, given as a record, by its keys.
 * Source: https://pytorch.org/docs/stable/generated/torch.nn.Sequential.html
 */
export class Sequential extends Module {
  readonly layers: Readonly<Record<string, Module>>;

  constructor(...layers: readonly Module[] | readonly [Readonly<Record<string, Module>>]) {
    super();
    const [first] = layers;
    const named = layers.length === 1 && !isModule(first);
    this.layers = Object.fromEntries(Object.entries(named ? (first as Record<string, Module>) : (layers as Module[])));
  }

  forward(x: Tensor): Tensor {
    return Object.values(this.layers).reduce((input, layer) => layer.forward(input), x);
  }

  protected override members(): Iterable<readonly [string, unknown]> {
    return Object.entries(this.layers);
  }
}
