import { add, type Generator, mul, noGrad, runtime, type Tensor } from "@graftjs/tensor";
import { Dropout } from "../layers/dropout.ts";
import type { AnyModule, Module } from "../module.ts";
import { type Adaptable, type LowRank, lowRankOf, productOf } from "./lowRank.ts";

/** How one layer is adapted. */
export interface AdapterOptions {
  readonly rank: number;
  readonly alpha: number;
  readonly dropout: number;
  readonly generator?: Generator | undefined;
}

/** The submodules that an adapted layer has, under PEFT's names. */
interface Submodules {
  lora_A: Module;
  lora_B: Module;
  lora_dropout: Dropout;
}

const adapters = new WeakMap<AnyModule, Adapter>();

/** What adds a low-rank product to a layer's output. It hangs on the layer as three submodules and a hook. */
export class Adapter {
  readonly options: AdapterOptions;
  readonly #layer: Adaptable;
  readonly #lowRank: LowRank;
  readonly #dropout: Dropout;
  readonly #detach: () => void;
  /** The layer's weight as it was, while the product is merged into it. */
  #original: Tensor | null = null;

  constructor(layer: Adaptable, options: AdapterOptions) {
    const { rank, dropout, generator } = options;
    this.options = options;
    this.#layer = layer;
    this.#lowRank = lowRankOf(layer, rank, generator);
    this.#dropout = new Dropout(dropout, generator ? { generator } : {}).train(layer.training);
    const own: Submodules = { lora_A: this.#lowRank.A, lora_B: this.#lowRank.B, lora_dropout: this.#dropout };
    Object.assign(layer, own);
    this.#detach = (layer as Module).registerForwardHook((_, [x], y) => this.#adapted(x, y));
    adapters.set(layer, this);
  }

  /** Trains A and B, whatever is frozen around them. */
  unfreeze(): void {
    for (const module of [this.#lowRank.A, this.#lowRank.B, this.#dropout]) module.unfreeze();
  }

  merge(): void {
    if (this.#original) return;
    const { weight } = this.#layer;
    noGrad(() => {
      this.#original = mul(weight, 1);
      weight.assign(add(weight, mul(productOf(this.#lowRank), this.#scaling)));
    });
  }

  unmerge(): void {
    if (!this.#original) return;
    this.#layer.weight.assign(this.#original);
    this.#original = null;
  }

  remove(): void {
    this.#detach();
    adapters.delete(this.#layer);
    const layer: Partial<Submodules> = this.#layer as object;
    delete layer.lora_A;
    delete layer.lora_B;
    delete layer.lora_dropout;
  }

  get #scaling(): number {
    return this.options.alpha / this.options.rank;
  }

  #adapted(x: Tensor, y: Tensor): Tensor {
    const isMerged = (): boolean => this.#original !== null;
    runtime().tracer?.guard(isMerged);
    if (isMerged()) return y;
    const { A, B } = this.#lowRank;
    return add(y, mul(B.forward(A.forward(this.#dropout.forward(x))), this.#scaling));
  }
}

/** The adapters of the layers in a module, by the layers' names. */
export function adaptersIn(module: AnyModule): Map<string, Adapter> {
  return new Map(
    [...module.namedModules()].flatMap(([name, layer]) => {
      const adapter = adapters.get(layer);
      return adapter ? [[name, adapter] as const] : [];
    }),
  );
}
