import type { AnyModule } from "../module.ts";
import { adaptersIn } from "./adapter.ts";

/**
 * Adds the low-rank updates in a module to the weights of their layers, W + alpha / rank · B · A, which then compute the same without
 * further products; dropout apart. {@link unmergeLora} undoes it. Updates that are merged stay so.
 * Source: https://huggingface.co/docs/peft/package_reference/lora
 *
 * @example
 * ```ts
 * import { addLora, Linear, mergeLora, removeLora } from "@graftjs/nn";
 * import { Generator, tensor } from "@graftjs/tensor";
 *
 * const layer = new Linear(2, 1, { bias: false });
 * layer.weight.assign([1, 2]);
 * addLora(layer, { rank: 1, alpha: 1 });
 * layer.getParameter("lora_A.weight").assign([3, 0]);
 * layer.getParameter("lora_B.weight").assign([10]);
 * mergeLora(layer);
 * removeLora(layer);
 * console.log(layer.weight.toNested(), layer.forward(tensor([[1, 1]])).toNested()); // [[31, 2]] [[33]]
 * ```
 */
export function mergeLora(module: AnyModule): void {
  for (const adapter of adaptersIn(module).values()) adapter.merge();
}

/**
 * Undoes {@link mergeLora}: the weights are bit for bit what they were before.
 *
 * @example
 * ```ts
 * import { addLora, Linear, mergeLora, unmergeLora } from "@graftjs/nn";
 * import { ones } from "@graftjs/tensor";
 *
 * const layer = new Linear(4, 2);
 * const before = layer.weight.toArray().join();
 * addLora(layer);
 * layer.getParameter("lora_B.weight").assign(ones([2, 8]));
 * mergeLora(layer);
 * unmergeLora(layer);
 * console.log(layer.weight.toArray().join() === before); // true
 * ```
 */
export function unmergeLora(module: AnyModule): void {
  for (const adapter of adaptersIn(module).values()) adapter.unmerge();
}

/**
 * Takes the low-rank updates in a module off its layers. Those that {@link mergeLora} has added to the weights stay in them.
 *
 * @example
 * ```ts
 * import { addLora, Linear, removeLora } from "@graftjs/nn";
 *
 * const layer = new Linear(4, 2);
 * addLora(layer);
 * removeLora(layer);
 * console.log([...layer.namedParameters().keys()]); // ["weight", "bias"]
 * ```
 */
export function removeLora(module: AnyModule): void {
  for (const adapter of adaptersIn(module).values()) adapter.remove();
}
