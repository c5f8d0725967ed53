import { gradients, isGraftError, mean, mul, noGrad, plan, type Tensor } from "@graftjs/tensor";
import { type OnnxNode, readsOf } from "../graph.ts";
import type { OnnxModule } from "../module.ts";
import { trace } from "../trace.ts";

/** What one way of using a model takes. */
export interface Cost {
  /** Multiply-adds for one sample. */
  readonly macs: number;
  /** Memory of parameters and buffers, as float32. */
  readonly weightBytes: number;
  /** Memory of gradients' and values' arena for one batch, as the compiler plans it, without scratch memory of kernels. */
  readonly activationBytes: number;
  /** Memory of AdamW's two moments of each trained parameter. */
  readonly optimizerBytes: number;
}

/** What a linear probe and a fine-tune take. */
export interface Costs {
  /** Samples a batch. */
  readonly batch: number;
  /** The features of the frozen backbone. */
  readonly probe: Cost | null;
  /** A training step of the whole network. */
  readonly fineTune: Cost | null;
}

/** What batches of `batch` samples take, planned and not run; `null` where a model cannot be used so. */
export function costsOf(module: OnnxModule, batch: number): Costs {
  return { batch, probe: probeCost(module, batch), fineTune: fineTuneCost(module, batch) };
}

function probeCost(module: OnnxModule, batch: number): Cost | null {
  if (!hasCut(module)) return null;
  const macs = nodesBefore(module, module.cutPoint.tensor).reduce((sum, node) => sum + (module.macs.get(node) ?? 0), 0);
  return planned(module, batch, (inputs) => [noGrad(() => module.features(...inputs))], macs, 0);
}

function fineTuneCost(module: OnnxModule, batch: number): Cost | null {
  const { training } = module;
  const parameters = module.parameters();
  const step = (inputs: [Tensor, ...Tensor[]]): Tensor[] => {
    const y = module.forward(...inputs);
    return gradients(mean(mul(y, y)), parameters).flatMap((grad) => grad ?? []);
  };
  module.train();
  try {
    // Of each product there are two more on the way back: for the gradient in the input, and in the weight.
    return planned(module, batch, step, 3 * [...module.macs.values()].reduce((a, b) => a + b, 0), 2);
  } finally {
    module.train(training);
  }
}

function planned(
  module: OnnxModule,
  batch: number,
  fn: (inputs: [Tensor, ...Tensor[]]) => readonly Tensor[],
  macs: number,
  moments: number,
): Cost | null {
  try {
    const graph = trace((...inputs) => fn(inputs as [Tensor, ...Tensor[]]), module.inputSpecs(batch));
    const { arenaBytes, keptBytes } = plan(graph, { workspaceBytes: () => 0 });
    const parameters = bytesOf(module.parameters());
    return {
      macs,
      weightBytes: parameters + bytesOf(module.buffers()),
      activationBytes: arenaBytes + keptBytes,
      optimizerBytes: moments * parameters,
    };
  } catch (error) {
    if (!isGraftError(error)) throw error;
    return null;
  }
}

function hasCut(module: OnnxModule): boolean {
  try {
    return module.cutPoint.tensor !== "";
  } catch (error) {
    if (!isGraftError(error)) throw error;
    return false;
  }
}

/** The nodes that a value depends on. */
function nodesBefore({ nodes }: OnnxModule, tensor: string): readonly OnnxNode[] {
  const wanted = new Set([tensor]);
  return nodes.toReversed().filter((node) => {
    const needed = node.outputs.some((output) => wanted.has(output));
    if (needed) for (const name of readsOf(node)) wanted.add(name);
    return needed;
  });
}

function bytesOf(tensors: readonly Tensor[]): number {
  return tensors.reduce((sum, { size }) => sum + 4 * size, 0);
}
