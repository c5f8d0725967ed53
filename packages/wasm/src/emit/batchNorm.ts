import { numel } from "@graftjs/tensor";
import { f32 } from "../commands.ts";
import { type Emitter, shapeOf } from "./emitter.ts";
import { activation } from "./epilogue.ts";

/** [batch, channels, elements of a plane]. */
function sizes(shape: readonly number[]): [number, number, number] {
  return [shape[0] as number, shape[1] as number, numel(shape.slice(2))];
}

/** Batch normalisation by the batch's own statistics (assembly/batchNorm.ts). */
export const batchNorm: Emitter<"batchNorm"> = {
  emit: ({ attrs, inputs }, at, commands) => {
    const shape = shapeOf(inputs, 0);
    const record = [...at.inputs, ...at.outputs, ...sizes(shape), f32(attrs.epsilon), ...activation(attrs.epilogue)];
    commands.add("batchNorm", numel(shape), record);
  },
};

/** Gradients of batch normalisation, and of the bounds after it (assembly/batchNorm.ts). */
export const batchNormGrad: Emitter<"batchNormGrad"> = {
  emit: ({ attrs: { epsilon, within }, inputs }, at, commands) => {
    const shape = shapeOf(inputs, 1);
    const [dy, x, gamma, mean, variance, beta = 0] = at.inputs as [number, number, number, number, number, number?];
    const bounds = (within ?? [0, 0]).map(f32);
    const record = [dy, x, gamma, mean, variance, ...at.outputs, ...sizes(shape), f32(epsilon), beta, ...bounds];
    commands.add("batchNormGrad", 2 * numel(shape), record);
  },
};
