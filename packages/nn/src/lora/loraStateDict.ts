import type { Tensor } from "@graftjs/tensor";
import type { AnyModule } from "../module.ts";
import { type LoadOptions, type LoadReport, loadStateDict, type StateDict } from "../stateDict.ts";

/** What PEFT's models put in front of the base's names. */
const prefix = "base_model.model.";

function namedTensors(module: AnyModule): Map<string, Tensor> {
  const entries = [...module.namedParameters()].filter(([name]) => /(^|\.)lora_[AB]\.weight$/.test(name));
  return new Map(entries.map(([name, parameter]) => [prefix + name, parameter]));
}

/**
 * A and B of the adapted layers alone, under the names of PEFT's adapter files (`base_model.model.<layer>.lora_A.weight`): as a
 * safetensors file called `adapter_model.safetensors`, beside an `adapter_config.json` of {@link loraConfig}, PEFT reads them. They share
 * memory with the module, as in {@link Module.stateDict}.
 *
 * @example
 * ```ts
 * import { addLora, Linear, loraStateDict, Sequential } from "@graftjs/nn";
 *
 * const net = new Sequential({ encoder: new Linear(16, 16) });
 * addLora(net, { rank: 2 });
 * console.log(Object.entries(loraStateDict(net)).map(([name, { shape }]) => `${name}: ${shape}`));
 * // ["base_model.model.encoder.lora_A.weight: 2,16", "base_model.model.encoder.lora_B.weight: 16,2"]
 * ```
 */
export function loraStateDict(module: AnyModule): StateDict {
  return Object.fromEntries([...namedTensors(module)].map(([name, parameter]) => [name, parameter.detach()]));
}

/**
 * Replaces A and B of a module that {@link addLora} has adapted by those of {@link loraStateDict}, or of an adapter file of PEFT's.
 * @throws {StateDictError} if shapes or dtypes differ, or, unless told otherwise, names are missing or unexpected.
 *
 * @example
 * ```ts
 * import { addLora, Linear, loadLoraStateDict, loraStateDict, Sequential } from "@graftjs/nn";
 *
 * const [trained, fresh] = [new Sequential(new Linear(16, 16)), new Sequential(new Linear(16, 16))];
 * for (const net of [trained, fresh]) addLora(net, { rank: 2 });
 * console.log(loadLoraStateDict(fresh, loraStateDict(trained))); // { missing: [], unexpected: [] }
 * ```
 */
export function loadLoraStateDict(module: AnyModule, dict: StateDict, options: LoadOptions = {}): LoadReport {
  return loadStateDict(namedTensors(module), dict, options);
}
