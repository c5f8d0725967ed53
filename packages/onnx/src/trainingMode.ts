import type { Graph, OnnxNode } from "./graph.ts";

/** Whether a node is a BatchNormalization that the file runs in training mode: with batch statistics. */
export function isTrainingBatchNorm({ opType, domain, opset, outputs, attributes }: OnnxNode): boolean {
  if (opType !== "BatchNormalization" || domain !== "") return false;
  // Below version 14 it is where the node has outputs for the statistics.
  return opset < 14 ? outputs.length > 1 : attributes.get("training_mode")?.value === 1;
}

/** Whether a node is a Dropout that the file runs in training mode: from version 12 on, its third input says so. */
export function isTrainingDropout({ opType, domain, inputs }: OnnxNode, { nodes, initializers }: Graph): boolean {
  const [, , mode = ""] = inputs;
  if (opType !== "Dropout" || domain !== "" || mode === "") return false;
  const value = nodes.find(({ outputs }) => outputs[0] === mode)?.attributes.get("value");
  const stored = initializers.get(mode) ?? (value?.type === "tensor" ? value.value : undefined);
  return stored !== undefined && Number(stored.data()[0]) === 1;
}
