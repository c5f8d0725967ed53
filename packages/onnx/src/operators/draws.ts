import { Generator } from "@graftjs/tensor";
import { nodeName, type OnnxNode, withNested } from "../graph.ts";
import type { Inputs } from "../operator.ts";

/** Operators that draw random numbers whatever mode a network is in, as the specification has them. */
export const drawingOperators: ReadonlySet<string> = new Set([
  "Bernoulli",
  "Multinomial",
  "RandomNormal",
  "RandomNormalLike",
  "RandomUniform",
  "RandomUniformLike",
]);

/** Names of the nodes that draw random numbers, those of nested graphs included. */
export function drawingNodes(nodes: readonly OnnxNode[]): readonly string[] {
  return [...withNested(nodes)]
    .filter(({ opType, domain }) => domain === "" && drawingOperators.has(opType))
    .map(nodeName);
}

/**
 * Where a node's random numbers come from: from the generator of the run, or, where the node has the attribute `seed`, from one
 * of its own, which goes on with each run.
 */
export function drawsOf(seed: number | undefined): (inputs: Inputs) => Generator {
  if (seed === undefined) return ({ generator }) => generator;
  // Any float is a seed: by its bits.
  const [bits] = new Uint32Array(Float32Array.of(seed).buffer);
  const own = new Generator(bits as number);
  return () => own;
}
