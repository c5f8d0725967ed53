import { Generator } from "@graftjs/tensor";
import type { Inputs } from "../operator.ts";

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
