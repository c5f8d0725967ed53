import { type Emitter, shapeOf, sizeOf } from "./emitter.ts";

/** Cross-entropy of softmax with one class a row (assembly/crossEntropy.ts). */
export const softmaxCrossEntropy: Emitter<"softmaxCrossEntropy"> = {
  emit: ({ inputs }, at, commands) => {
    commands.add("softmaxCrossEntropy", sizeOf(inputs, 0), [...at.inputs, ...at.outputs, ...shapeOf(inputs, 0)]);
  },
};

/** Its gradient (assembly/crossEntropy.ts). */
export const softmaxCrossEntropyGrad: Emitter<"softmaxCrossEntropyGrad"> = {
  emit: ({ inputs }, at, commands) => {
    const record = [...at.inputs, ...at.outputs, ...shapeOf(inputs, 1)];
    commands.add("softmaxCrossEntropyGrad", 2 * sizeOf(inputs, 1), record);
  },
};
