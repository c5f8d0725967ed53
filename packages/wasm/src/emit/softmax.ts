import type { CallAttrs } from "@graftjs/tensor";
import { around, type CallOf, type Emitter, shapeOf, sizeOf } from "./emitter.ts";

type Name = "softmax" | "logSoftmax" | "softmaxGrad" | "logSoftmaxGrad";

function along<K extends Name & keyof CallAttrs>(kernel: K): Emitter<K> {
  return {
    emit: (call, at, commands) => {
      const { attrs, inputs } = call as CallOf<Name>;
      const { outer, length, inner } = around(shapeOf(inputs, 0), attrs.axis);
      // Gradients come before the results that they are of; the kernels take them after.
      const record = [...at.inputs.toReversed(), ...at.outputs, outer, length, inner];
      commands.add(kernel, (inputs.length > 1 ? 1 : 2) * sizeOf(inputs, 0), record);
    },
  };
}

/** Softmax along an axis (assembly/softmax.ts). */
export const softmax: Emitter<"softmax"> = along("softmax");

/** Logarithm of softmax along an axis (assembly/softmax.ts). */
export const logSoftmax: Emitter<"logSoftmax"> = along("logSoftmax");

/** Gradient of softmax (assembly/softmax.ts). */
export const softmaxGrad: Emitter<"softmaxGrad"> = along("softmaxGrad");

/** Gradient of logSoftmax (assembly/softmax.ts). */
export const logSoftmaxGrad: Emitter<"logSoftmaxGrad"> = along("logSoftmaxGrad");
