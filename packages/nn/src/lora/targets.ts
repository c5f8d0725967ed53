/**
 * Which layers, by name: those that a pattern finds, or a list of names, each of which also stands for all names that end in it,
 * as `q_lin` does for `layer.0.attention.q_lin`.
 */
export type LoraTargets = RegExp | readonly string[];

/**
 * Whether `targets` mean a layer of this name. A list is read as PEFT reads `target_modules`.
 * Source: https://huggingface.co/docs/peft/package_reference/lora#peft.LoraConfig.target_modules
 *
 * @example
 * ```ts
 * import { isLoraTarget } from "@graftjs/nn";
 *
 * console.log(isLoraTarget(["q_lin"], "layer.0.attention.q_lin"), isLoraTarget(["lin"], "layer.0.attention.q_lin")); // true false
 * console.log(isLoraTarget(/attention/, "layer.0.attention.q_lin")); // true
 * ```
 */
export function isLoraTarget(targets: LoraTargets, name: string): boolean {
  if (targets instanceof RegExp) return name.search(targets) >= 0;
  return targets.some((target) => name === target || name.endsWith(`.${target}`));
}
