import { compile, type Device, DeviceError, type Graph, Storage, Tensor, type TensorSpec } from "@graftjs/tensor";
import { HeadExportError } from "./errors.ts";

/** Records what `fn` computes for inputs of these shapes, without computing it, and without memory for what goes in and out. */
export function trace(fn: (...inputs: Tensor[]) => readonly Tensor[], inputs: readonly TensorSpec[]): Graph {
  let recorded: Graph | undefined;
  const recorder: Device = {
    name: "recorder",
    compile: (graph) => {
      recorded = graph;
      const run = (): Storage[] => graph.outputs.map(({ spec }) => Storage.zeros(spec.dtype, 0));
      return { run, explain: () => "" };
    },
    allocate: () => {
      throw new DeviceError("A recorder holds no memory.");
    },
  };
  const given = inputs.map(({ shape, dtype }) => new Tensor(shape, dtype, Storage.zeros(dtype, 0)));
  compile(fn, { device: recorder })(...given);
  return recorded as Graph;
}

/** Batch sizes to trace with: primes, of which few networks have a multiple. */
const batches = [97, 101, 103, 107, 109, 113, 127, 131] as const;

/** What is computed for any batch, as it was recorded for one. */
export interface BatchTrace {
  readonly graph: Graph;
  /** The batch size of the recording. All sizes that are multiples of it depend on the batch. */
  readonly batch: number;
}

/**
 * Records what `fn` computes for any batch: for two batch sizes, and compares. Where a size that does not depend on the batch is a
 * multiple of it, others are tried.
 * @throws {HeadExportError} if what is computed depends on the batch size otherwise than in sizes
 */
export function traceBatch(
  fn: (...inputs: Tensor[]) => readonly Tensor[],
  inputs: (batch: number) => readonly TensorSpec[],
): BatchTrace {
  let graph = trace(fn, inputs(batches[0]));
  for (const [i, batch] of batches.slice(0, -1).entries()) {
    const next = trace(fn, inputs(batches[i + 1] as number));
    const [sizes, others] = [sizesOf(graph), sizesOf(next)];
    if (graph.nodes.some(({ op }, k) => op.name !== next.nodes[k]?.op.name) || sizes.length !== others.length)
      throw new HeadExportError("It computes something else for another batch size", "Compute the same for all.");
    if (!sizes.some((size, k) => size > 0 && size % batch === 0 && size === others[k])) return { graph, batch };
    graph = next;
  }
  throw new HeadExportError(`Its sizes are multiples of ${batches.join(", ")}`, "Choose other sizes for its layers.");
}

/** All sizes of what a graph reads and makes. */
function sizesOf({ inputs, states, nodes }: Graph): readonly number[] {
  const values = [...inputs, ...states.map(({ value }) => value), ...nodes.flatMap(({ outputs }) => outputs)];
  return values.flatMap(({ spec }) => spec.shape);
}
