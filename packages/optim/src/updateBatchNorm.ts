import { type AnyModule, type Buffer, isBuffer, type Module } from "@graftjs/nn";
import { noGrad, type Tensor, type TypedArray } from "@graftjs/tensor";

/** A running value of a normalisation, and the share that a batch has in it. */
interface Running {
  readonly buffer: Buffer;
  readonly momentum: number;
  readonly before: TypedArray;
  readonly sum: Float64Array;
}

/**
 * Computes the running statistics of all normalisations of a network anew: the plain means over the batches of `loader` of
 * what each would take up in training mode. For weights that were not trained, such as averages. Frozen modules keep theirs.
 * @param loader batches, or lists whose first element is the batch.
 * @param forward what a batch goes through; default `model.forward`. It may be compiled.
 * Source: `update_bn` of https://pytorch.org/docs/stable/optim.html#weight-averaging-swa-and-ema
 *
 * @example
 * ```ts
 * import { BatchNorm1d } from "@graftjs/nn";
 * import { updateBatchNorm } from "@graftjs/optim";
 * import { tensor } from "@graftjs/tensor";
 *
 * const net = new BatchNorm1d(1);
 * const batches = [tensor([[1], [3]]), tensor([[5], [7]])];
 * await updateBatchNorm(batches, net);
 * console.log(net.runningMean?.toNested()); // [4]
 * ```
 */
export async function updateBatchNorm(
  loader: Iterable<Tensor | readonly Tensor[]> | AsyncIterable<Tensor | readonly Tensor[]>,
  model: Module<readonly [x: Tensor], unknown>,
  forward: (x: Tensor) => unknown = (x) => model.forward(x),
): Promise<void> {
  const modes = [...model.namedModules().values()].map((module) => ({ module, training: module.training }));
  model.train();
  const running = (await Promise.all(modes.map(({ module }) => runningOf(module)))).flat();
  let batches = 0;
  let done = false;
  try {
    for await (const batch of loader) {
      // From 0, a running value becomes its share of the batch's.
      for (const { buffer } of running) buffer.assign(new Float64Array(buffer.size));
      noGrad(() => forward("shape" in batch ? batch : (batch[0] as Tensor)));
      for (const { buffer, momentum, sum } of running) {
        const values = await buffer.read();
        for (let i = 0; i < sum.length; i++) sum[i] = (sum[i] as number) + (values[i] as number) / momentum;
      }
      batches++;
    }
    done = batches > 0;
  } finally {
    for (const { buffer, before, sum } of running) buffer.assign(done ? sum.map((v) => v / batches) : before);
    for (const { module, training } of modes) if (!module.frozen) module.train(training);
  }
}

async function runningOf(module: AnyModule): Promise<Running[]> {
  const { runningMean, runningVar, momentum } = module as AnyModule & Readonly<Record<string, unknown>>;
  if (!module.training || typeof momentum !== "number" || !isBuffer(runningMean) || !isBuffer(runningVar)) return [];
  const entry = async (buffer: Buffer): Promise<Running> => ({
    buffer,
    momentum,
    before: await buffer.read(),
    sum: new Float64Array(buffer.size),
  });
  return Promise.all([entry(runningMean), entry(runningVar)]);
}
