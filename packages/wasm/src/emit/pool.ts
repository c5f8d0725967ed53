import { numel, type PoolAttrs } from "@graftjs/tensor";
import { type Emitter, nth, shapeOf } from "./emitter.ts";
import { poolGeometry } from "./geometry.ts";

/** Nanoseconds of a pool: its windows' elements, and its outputs. */
function cost(attrs: PoolAttrs, output: readonly number[]): number {
  return numel(output) * (0.3 + 0.15 * numel(attrs.kernelSize));
}

/** Pools (assembly/pool.ts). */
export const maxPool2d: Emitter<"maxPool2d"> = {
  emit: ({ attrs, inputs, outputs }, at, commands) => {
    const [input, output] = [shapeOf(inputs, 0), shapeOf(outputs, 0)];
    commands.add("maxPool2d", cost(attrs, output), [
      ...[nth(at.inputs, 0), nth(at.outputs, 0), nth(at.outputs, 1)],
      ...poolGeometry(attrs, input, output),
    ]);
  },
};

export const maxPool2dGrad: Emitter<"maxPool2dGrad"> = {
  emit: ({ attrs, inputs, outputs }, at, commands) => {
    const [grad, input] = [shapeOf(inputs, 0), shapeOf(outputs, 0)];
    // Where the maxima lie says everything; the windows do not matter any more.
    const pool: PoolAttrs = {
      kernelSize: [1, 1],
      stride: [1, 1],
      padding: [0, 0, 0, 0],
      dilation: [1, 1],
      ceilMode: false,
      countIncludePad: false,
    };
    commands.add("maxPool2dGrad", numel(input) * 0.05 + numel(grad) * 0.7, [
      ...[nth(at.inputs, 0), nth(at.inputs, 1), nth(at.outputs, 0)],
      ...poolGeometry({ ...pool, ...attrs }, input, grad),
    ]);
  },
};

export const avgPool2d: Emitter<"avgPool2d"> = {
  emit: ({ attrs, inputs, outputs }, at, commands) => {
    const [input, output] = [shapeOf(inputs, 0), shapeOf(outputs, 0)];
    commands.add("avgPool2d", cost(attrs, output), [
      ...[nth(at.inputs, 0), nth(at.outputs, 0), Number(attrs.countIncludePad)],
      ...poolGeometry(attrs, input, output),
      attrs.divisorOverride ?? 0,
    ]);
  },
};

export const avgPool2dGrad: Emitter<"avgPool2dGrad"> = {
  emit: ({ attrs, inputs, outputs }, at, commands) => {
    const [grad, input] = [shapeOf(inputs, 0), shapeOf(outputs, 0)];
    commands.add("avgPool2dGrad", 4 * cost(attrs, grad), [
      ...[nth(at.inputs, 0), nth(at.outputs, 0), Number(attrs.countIncludePad)],
      ...poolGeometry(attrs, input, grad),
      attrs.divisorOverride ?? 0,
    ]);
  },
};

/** Planes, and sizes of the large and the small plane, of adaptive pooling. */
function planes(large: readonly number[], small: readonly number[]): number[] {
  return [numel(large.slice(0, 2)), ...large.slice(2), ...small.slice(2)];
}

export const adaptiveAvgPool2d: Emitter<"adaptiveAvgPool2d"> = {
  emit: ({ inputs, outputs }, at, commands) => {
    const [input, output] = [shapeOf(inputs, 0), shapeOf(outputs, 0)];
    const record = [nth(at.inputs, 0), nth(at.outputs, 0), ...planes(input, output)];
    commands.add("adaptiveAvgPool2d", numel(input) * 0.4 + numel(output), record);
  },
};

export const adaptiveAvgPool2dGrad: Emitter<"adaptiveAvgPool2dGrad"> = {
  emit: ({ inputs, outputs }, at, commands) => {
    const [grad, input] = [shapeOf(inputs, 0), shapeOf(outputs, 0)];
    const record = [nth(at.inputs, 0), nth(at.outputs, 0), ...planes(input, grad)];
    commands.add("adaptiveAvgPool2dGrad", numel(input) * 0.4 + numel(grad), record);
  },
};
