import { nodeName, type OnnxNode } from "../graph.ts";
import type { OnnxModule } from "../module.ts";
import type { OnnxArray } from "../tensorData.ts";
import { LoraError } from "./error.ts";

/**
 * Adds the updates of low rank to the elements of their weights, by name.
 * @param stays - whether a node is part of what is exported.
 * @throws {LoraError} if a node to which no update is added reads such a weight too.
 */
export async function mergeUpdates(
  { adapters }: OnnxModule,
  elements: Map<string, OnnxArray>,
  stays: (node: OnnxNode) => boolean,
): Promise<void> {
  for (const adapter of adapters) {
    const { weight, nodes, others } = adapter.site;
    if (!nodes.some(stays)) continue;
    const other = others.find(stays);
    if (other)
      throw new LoraError(
        "exportModel",
        `The update of "${adapter.layer.name}" cannot be merged: ${other.opType} at node "${nodeName(other)}" reads the same weight, and has none`,
        'Keep the update as nodes: { lora: "nodes" }.',
      );
    const update = await adapter.update().read();
    const base = elements.get(weight.name) as Float32Array;
    // Where nothing is added, the sign of a zero stays too.
    const sum = (x: number, i: number): number => (update[i] === 0 ? x : x + (update[i] as number));
    elements.set(weight.name, Float32Array.from(base, sum));
  }
}
