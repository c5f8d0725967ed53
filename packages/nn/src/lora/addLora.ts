import { ArgumentError, type Generator } from "@graftjs/tensor";
import { checkProbability } from "../layers/dropout.ts";
import { Linear } from "../layers/linear.ts";
import type { AnyModule } from "../module.ts";
import { Adapter, adaptersIn } from "./adapter.ts";
import { groupsOf, isAdaptable } from "./lowRank.ts";
import { isLoraTarget, type LoraTargets } from "./targets.ts";

/** Options of {@link addLora}; the defaults are PEFT's. */
export interface LoraOptions {
  /** Channels between A and B: the rank r of the update. Default 8. */
  readonly rank?: number;
  /** The update is scaled by alpha / rank. Default 8. */
  readonly alpha?: number;
  /** Probability with which what reaches A is dropped, in training mode. Default 0. */
  readonly dropout?: number;
  /** Which layers. Default: every linear one. */
  readonly targets?: LoraTargets;
  /** What the initial A, and dropout, are drawn from; the default generator where none is given. */
  readonly generator?: Generator;
}

/** A layer that was adapted. */
export interface LoraLayer {
  /** Its path, to which PEFT's names of A and B are added: `<name>.lora_A.weight`. */
  readonly name: string;
  readonly rank: number;
  readonly alpha: number;
  readonly dropout: number;
}

/**
 * The rank, alpha and dropout that options mean.
 * @throws {ArgumentError} if the rank is no integer >= 1, alpha is not finite, or dropout no probability.
 *
 * @example
 * ```ts
 * import { loraSizes } from "@graftjs/nn";
 *
 * console.log(loraSizes({ rank: 4 })); // { rank: 4, alpha: 8, dropout: 0 }
 * ```
 */
export function loraSizes(options: LoraOptions): Omit<LoraLayer, "name"> {
  const { rank = 8, alpha = 8, dropout = 0 } = options;
  if (!Number.isInteger(rank) || rank < 1)
    throw new ArgumentError({ op: "addLora", expected: "a rank that is an integer >= 1", got: String(rank) });
  if (!Number.isFinite(alpha))
    throw new ArgumentError({ op: "addLora", expected: "a finite alpha", got: String(alpha) });
  checkProbability("addLora", dropout);
  return { rank, alpha, dropout };
}

/**
 * Low-rank adaptation: freezes `module`, and lets chosen layers learn an update of low rank beside their frozen weights,
 *
 *     y = W · x + b + alpha / rank · B · A · dropout(x)
 *
 * with A [rank, in] at first Kaiming-uniform with a = √5 and B [out, rank] zero, so that nothing changes until they are trained. Of a
 * convolution (groups = 1), A is one with the same windows to `rank` channels, and B one of size 1.
 *
 * Each adapted layer gets the submodules `lora_A`, `lora_B` and `lora_dropout`; the layers themselves stay, and so do the names of
 * their weights. The base is frozen as {@link Module.freeze} has it: BatchNorm uses its running statistics and dropout of the base is
 * off, other than in PEFT. What is to be trained besides, such as a new head, is unfrozen afterwards.
 * @returns the layers that were adapted.
 * @throws {ArgumentError} if `targets` name no layer that can be adapted, a convolution of several groups, or a layer that is adapted already.
 * Source: Hu et al. 2021, https://arxiv.org/abs/2106.09685; https://huggingface.co/docs/peft/package_reference/lora
 *
 * @example
 * ```ts
 * import { addLora, Linear, ReLU, Sequential } from "@graftjs/nn";
 *
 * const net = new Sequential({ encoder: new Linear(64, 64), act: new ReLU(), head: new Linear(64, 3) });
 * const layers = addLora(net, { rank: 4, alpha: 8, targets: ["encoder"] });
 * net.getSubmodule("head").unfreeze();
 * console.log(layers); // [{ name: "encoder", rank: 4, alpha: 8, dropout: 0 }]
 * const trained = [...net.namedParameters()].filter(([, { requiresGrad }]) => requiresGrad);
 * console.log(trained.map(([name]) => name)); // ["encoder.lora_A.weight", "encoder.lora_B.weight", "head.weight", "head.bias"]
 * ```
 */
export function addLora(module: AnyModule, options: LoraOptions = {}): LoraLayer[] {
  const { targets, generator } = options;
  const sizes = loraSizes(options);
  const known = adaptersIn(module);
  // What the adapters consist of is no layer of the network.
  const parts = new Set([...known.keys()].flatMap((name) => ["A", "B"].map((part) => joined(name, `lora_${part}`))));
  const layers = [...module.namedModules()].flatMap(([name, layer]) =>
    isAdaptable(layer) && !parts.has(name) ? [[name, layer] as const] : [],
  );
  const chosen = layers.filter(([name, layer]) => (targets ? isLoraTarget(targets, name) : layer instanceof Linear));
  if (chosen.length === 0) {
    const names = layers.flatMap(([name, layer]) => (groupsOf(layer) === 1 ? [name || '""'] : [])).join(", ");
    throw new ArgumentError({
      op: "addLora",
      expected: names ? `targets out of ${names}` : "a module with Linear layers, or convolutions that have one group",
      got: targets ? String(targets) : "no Linear layer, and no targets",
    });
  }
  const grouped = chosen.find(([, layer]) => groupsOf(layer) !== 1);
  if (grouped) {
    const got = `"${grouped[0]}", which has ${groupsOf(grouped[1])}`;
    throw new ArgumentError({ op: "addLora", expected: "convolutions of one group", got });
  }
  const adapted = chosen.find(([name]) => known.has(name));
  if (adapted)
    throw new ArgumentError({ op: "addLora", expected: "layers not adapted yet", got: `"${adapted[0]}", which is` });
  for (const [, layer] of chosen) new Adapter(layer, { ...sizes, generator });
  module.freeze();
  for (const adapter of adaptersIn(module).values()) adapter.unfreeze();
  return chosen.map(([name]) => ({ name, ...sizes }));
}

function joined(path: string, name: string): string {
  return path === "" ? name : `${path}.${name}`;
}
