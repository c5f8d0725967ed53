import { type OnnxNode, readsOf } from "./graph.ts";
import type { OnnxModel } from "./model.ts";
import type { Edits, NodeSpec, NodeSpecAttribute } from "./splice.ts";
import { isTrainingBatchNorm } from "./trainingMode.ts";

/**
 * Edits with BatchNormalization and Dropout nodes that the file runs in training mode as evaluation has them, so that what is exported
 * computes what the module computes when it is evaluated; what only their training mode needed goes.
 */
export function evaluationEdits(model: OnnxModel, edits: Edits): Edits {
  const { graph } = model;
  const kept = graph.nodes.filter(({ index }) => !edits.removeNodes?.has(index));
  const results = (edits.outputs ?? graph.outputs).map(({ name }) => name);
  const read = new Set([...kept.flatMap(readsOf), ...results]);
  const replaceNodes = new Map<number, NodeSpec>();
  const values = new Set<string>();
  for (const node of kept) {
    const others = node.outputs.slice(1);
    const spec = others.some((name) => read.has(name)) ? undefined : evaluated(node);
    if (!spec) continue;
    replaceNodes.set(node.index, spec);
    for (const name of others) values.add(name);
  }
  if (replaceNodes.size === 0) return edits;
  const stays = new Set([...kept.flatMap((node) => replaceNodes.get(node.index)?.inputs ?? readsOf(node)), ...results]);
  const gone = kept.flatMap(({ index, inputs }) =>
    replaceNodes.has(index) ? inputs.filter((name) => name !== "" && !stays.has(name)) : [],
  );
  const flags = new Set(gone);
  const makers = kept.filter(({ opType, outputs: [name = ""] }) => opType === "Constant" && flags.has(name));
  return {
    ...edits,
    replaceNodes,
    removeNodes: new Set([...(edits.removeNodes ?? []), ...makers.map(({ index }) => index)]),
    removeInitializers: new Set([
      ...(edits.removeInitializers ?? []),
      ...gone.filter((name) => graph.initializers.has(name)),
    ]),
    removeValues: new Set([...(edits.removeValues ?? []), ...values, ...makers.flatMap(({ outputs }) => outputs)]),
  };
}

/** The node as evaluation has it; `undefined` where it has no training mode. */
function evaluated(node: OnnxNode): NodeSpec | undefined {
  const { name, opType, domain, inputs, outputs, attributes } = node;
  const spec = { name, opType, outputs: outputs.slice(0, 1) };
  if (isTrainingBatchNorm(node)) {
    const kept = [...attributes].filter(([key]) => key !== "training_mode") as [string, NodeSpecAttribute][];
    return { ...spec, inputs, attributes: Object.fromEntries(kept) };
  }
  return domain === "" && opType === "Dropout" && inputs[2] ? { ...spec, inputs: inputs.slice(0, 2) } : undefined;
}
