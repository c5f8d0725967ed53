import { numel, type Value } from "@graftjs/tensor";
import { f32 } from "../commands.ts";
import { chain } from "./chain.ts";
import { type CallOf, type Emitter, shapeOf } from "./emitter.ts";

/** 1 / √(variance + epsilon) as a chain. */
function inverseDeviation(variance: Value, epsilon: number): CallOf<"chain"> {
  const { shape } = variance.spec;
  const step = { operandDType: "float32", dtype: "float32" } as const;
  return {
    kernel: "chain",
    attrs: {
      shape,
      inputs: [{ dtype: "float32", strides: [1] }],
      steps: [
        {
          ...step,
          op: "add",
          operands: [
            { kind: "input", index: 0 },
            { kind: "constant", value: epsilon },
          ],
        },
        { ...step, op: "rsqrt", operands: [{ kind: "step", index: 0 }] },
      ],
      outputs: [1],
    },
    inputs: [variance],
    outputs: [{ id: -1, spec: variance.spec }],
  };
}

/** [batch, channels, elements of a plane]. */
function sizes(shape: readonly number[]): [number, number, number] {
  return [shape[0] as number, shape[1] as number, numel(shape.slice(2))];
}

/** Batch normalisation by the batch's own statistics (assembly/batchNorm.ts). */
export const batchNorm: Emitter<"batchNorm"> = {
  workspaceBytes: ({ inputs }) => 4 * (shapeOf(inputs, 0)[1] as number),
  emit: ({ attrs, inputs }, at, commands) => {
    const shape = shapeOf(inputs, 0);
    const [x, gamma, beta] = at.inputs as [number, number, number];
    const [y, mean, variance] = at.outputs as [number, number, number];
    commands.add("batchNorm", numel(shape), [
      ...[x, gamma, beta, y, mean, at.workspace, variance],
      ...sizes(shape),
      ...[f32(attrs.epsilon), 0, 0, 0],
    ]);
  },
};

/** Gradients of batch normalisation (assembly/batchNorm.ts), after the deviation was made from the variance. */
export const batchNormGrad: Emitter<"batchNormGrad"> = {
  workspaceBytes: ({ inputs }) => 4 * (shapeOf(inputs, 1)[1] as number),
  emit: ({ attrs, inputs }, at, commands) => {
    const shape = shapeOf(inputs, 1);
    const [dy, x, gamma, mean, variance] = at.inputs as [number, number, number, number, number];
    const [dx, dGamma, dBeta] = at.outputs as [number, number, number];
    const { workspace } = at;
    chain.emit(
      inverseDeviation(inputs[4] as Value, attrs.epsilon),
      { inputs: [variance], outputs: [workspace], workspace: 0, prepared: 0 },
      commands,
    );
    const record = [dy, x, gamma, mean, workspace, dx, dGamma, dBeta, ...sizes(shape)];
    commands.add("batchNormGrad", 2 * numel(shape), record);
  },
};
