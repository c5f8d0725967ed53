import { ArgumentError } from "@graftjs/tensor";
import type { LoraLayer, LoraOptions } from "./addLora.ts";

/** What PEFT's `adapter_config.json` says, as far as it is used here. */
export interface LoraConfig {
  readonly peft_type: string;
  /** The rank. */
  readonly r: number;
  readonly lora_alpha: number;
  readonly lora_dropout: number;
  /** Names of layers, of which the last parts suffice, or a pattern for whole names; `"all-linear"` for all that are linear. */
  readonly target_modules: readonly string[] | string | null;
  readonly bias: string;
  /** Other ranks and alphas, by the names of the layers that have them. */
  readonly rank_pattern?: Readonly<Record<string, number>>;
  readonly alpha_pattern?: Readonly<Record<string, number>>;
  readonly [key: string]: unknown;
}

/**
 * Layers that were adapted, as PEFT's `adapter_config.json` describes them. The rank and alpha of the first are those of all; others are
 * listed by layer.
 * @throws {ArgumentError} if there are no layers, or their dropouts differ, for which the file has no place.
 * Source: https://huggingface.co/docs/peft/package_reference/lora#peft.LoraConfig
 *
 * @example
 * ```ts
 * import { addLora, Linear, loraConfig, Sequential } from "@graftjs/nn";
 *
 * const layers = addLora(new Sequential({ encoder: new Linear(16, 16) }), { rank: 2, alpha: 4 });
 * const { peft_type, r, lora_alpha, target_modules } = loraConfig(layers);
 * console.log(peft_type, r, lora_alpha, target_modules); // "LORA" 2 4 ["encoder"]
 * ```
 */
export function loraConfig(layers: readonly LoraLayer[]): LoraConfig {
  const [first] = layers;
  if (!first || layers.some(({ dropout }) => dropout !== first.dropout)) {
    const got = layers.map(({ name, dropout }) => `${name} ${dropout}`).join(", ") || "none";
    throw new ArgumentError({ op: "loraConfig", expected: "layers of one dropout", got });
  }
  const others = (key: "rank" | "alpha"): Record<string, number> =>
    Object.fromEntries(layers.flatMap((layer) => (layer[key] === first[key] ? [] : [[layer.name, layer[key]]])));
  return {
    peft_type: "LORA",
    task_type: null,
    base_model_name_or_path: null,
    inference_mode: true,
    r: first.rank,
    lora_alpha: first.alpha,
    lora_dropout: first.dropout,
    target_modules: layers.map(({ name }) => name),
    rank_pattern: others("rank"),
    alpha_pattern: others("alpha"),
    bias: "none",
    fan_in_fan_out: false,
    modules_to_save: null,
    use_rslora: false,
    use_dora: false,
  };
}

/** What an adapter may not ask for, and what it is when it does not. */
const plain: Readonly<Record<string, readonly unknown[]>> = {
  peft_type: ["LORA"],
  bias: ["none"],
  use_rslora: [false],
  use_dora: [false],
  lora_bias: [false],
  exclude_modules: [null],
  modules_to_save: [null],
  layers_to_transform: [null],
};

/**
 * The options with which {@link addLora} makes the adapters that an `adapter_config.json` of PEFT's describes.
 * @throws {ArgumentError} if it asks for what is not supported: another method, biases or whole modules that were trained, ranks that
 * differ between layers.
 *
 * @example
 * ```ts
 * import { addLora, Linear, loraOptions, Sequential } from "@graftjs/nn";
 *
 * const config = { peft_type: "LORA", r: 4, lora_alpha: 16, lora_dropout: 0.1, target_modules: ["q"], bias: "none" };
 * const net = new Sequential({ q: new Linear(8, 8), k: new Linear(8, 8) });
 * console.log(addLora(net, loraOptions(config))); // [{ name: "q", rank: 4, alpha: 16, dropout: 0.1 }]
 * ```
 */
export function loraOptions(config: LoraConfig): LoraOptions {
  for (const [key, values] of Object.entries(plain)) {
    const value = config[key];
    if (value !== undefined && !values.includes(value))
      throw new ArgumentError({ op: "loraOptions", expected: `${key} ${values[0]}`, got: JSON.stringify(value) });
  }
  for (const key of ["rank_pattern", "alpha_pattern"] as const)
    if (Object.keys(config[key] ?? {}).length > 0)
      throw new ArgumentError({ op: "loraOptions", expected: `an empty ${key}`, got: JSON.stringify(config[key]) });
  const { r, lora_alpha, lora_dropout, target_modules: modules } = config;
  const targets = typeof modules === "string" ? new RegExp(`^(?:${modules})$`) : modules;
  return {
    rank: r,
    alpha: lora_alpha,
    dropout: lora_dropout,
    ...(targets && modules !== "all-linear" && { targets }),
  };
}
