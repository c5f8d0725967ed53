import { ArgumentError, checkpoint, type Tensor } from "@graftjs/tensor";
import type { Sequential } from "./layers/sequential.ts";
import type { Module } from "./module.ts";

/**
 * Applies a {@link Sequential} in `segments` parts of as many layers each, and keeps only what goes from one part to the
 * next: all parts but the last run under {@link checkpoint}. About √layers parts need the least memory.
 * @param segments from 1 (nothing is recomputed) to the number of layers. @throws {ArgumentError} otherwise.
 * Source: Chen et al. 2016, https://arxiv.org/abs/1604.06174;
 * https://pytorch.org/docs/stable/checkpoint.html#torch.utils.checkpoint.checkpoint_sequential
 *
 * @example
 * ```ts
 * import { checkpointSequential, Linear, Sequential, Tanh } from "@graftjs/nn";
 * import { tensor } from "@graftjs/tensor";
 *
 * const net = new Sequential(new Linear(2, 8), new Tanh(), new Linear(8, 8), new Tanh(), new Linear(8, 1));
 * const loss = checkpointSequential(net, 2, tensor([[1, 2]])); // the first two layers are computed again
 * loss.backward();
 * console.log(net.getParameter("0.weight").grad?.shape); // [8, 2]
 * ```
 */
export function checkpointSequential(sequential: Sequential, segments: number, x: Tensor): Tensor {
  const layers: readonly Module[] = Object.values(sequential.layers);
  if (!(Number.isInteger(segments) && segments >= 1 && segments <= layers.length)) {
    throw new ArgumentError({
      op: "checkpointSequential",
      expected: `an integer number of segments from 1 to ${layers.length}`,
      got: String(segments),
    });
  }
  const run = (from: number, to: number) => (input: Tensor) =>
    layers.slice(from, to).reduce((value, layer) => layer.forward(value), input);
  const size = Math.floor(layers.length / segments);
  const last = size * (segments - 1);
  let value = x;
  for (let from = 0; from < last; from += size) value = checkpoint(run(from, from + size), value);
  return run(last, layers.length)(value);
}
