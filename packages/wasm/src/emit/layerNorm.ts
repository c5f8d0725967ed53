import { f32 } from "../commands.ts";
import { type CallOf, type Emitter, sizeOf } from "./emitter.ts";

/** Rows whose gradients of weight and bias are summed at once: few enough to be accurate, and to give threads work. */
const CHUNK = 32;

/** Layer normalisation over rows (assembly/layerNorm.ts). */
export const layerNorm: Emitter<"layerNorm"> = {
  emit: ({ attrs, inputs }, at, commands) => {
    const n = sizeOf(inputs, 1);
    const [x, weight, bias] = at.inputs as [number, number, number];
    const [y, mean, inverse] = at.outputs as [number, number, number];
    const total = sizeOf(inputs, 0);
    if (total === 0) return;
    commands.add("layerNorm", 0.6 * total, [x, weight, bias, y, mean, inverse, total / n, n, f32(attrs.epsilon)]);
  },
};

/** Rows, and chunks of them. */
function sizes({ inputs }: CallOf<"layerNormGrad">): { n: number; rows: number; chunks: number } {
  const n = sizeOf(inputs, 2);
  const rows = n === 0 ? 0 : sizeOf(inputs, 1) / n;
  return { n, rows, chunks: Math.max(1, Math.ceil(rows / CHUNK)) };
}

/** Gradients of layer normalisation (assembly/layerNorm.ts), those of weight and bias by chunks that are summed at last. */
export const layerNormGrad: Emitter<"layerNormGrad"> = {
  workspaceBytes: (call) => {
    const { n, chunks } = sizes(call);
    return 4 * 2 * chunks * n;
  },
  emit: (call, at, commands) => {
    const { n, rows, chunks } = sizes(call);
    const [dx, dWeight, dBias] = at.outputs as [number, number, number];
    const [products, sums] = [at.workspace, at.workspace + 4 * chunks * n];
    commands.add("layerNormGrad", 1.2 * rows * n, [...at.inputs.slice(0, 5), dx, products, sums, rows, n, CHUNK]);
    for (const [from, to] of [
      [products, dWeight],
      [sums, dBias],
    ]) {
      commands.add("reduceFloat", 0.4 * chunks * n, [from as number, to as number, 1, chunks, n, chunks, 0]);
    }
  },
};
