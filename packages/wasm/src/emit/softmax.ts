import type { Commands } from "../commands.ts";
import { type Addresses, around, type CallOf, type Emitter, nth, shapeOf, sizeOf } from "./emitter.ts";

function emit(
  kernel: string,
  { attrs, inputs }: CallOf<"softmax"> | CallOf<"logSoftmax">,
  at: Addresses,
  commands: Commands,
): void {
  const { outer, length, inner } = around(shapeOf(inputs, 0), attrs.axis);
  commands.add(kernel, 2 * sizeOf(inputs, 0), [nth(at.inputs, 0), nth(at.outputs, 0), outer, length, inner]);
}

/** Softmax along an axis (assembly/softmax.ts). */
export const softmax: Emitter<"softmax"> = { emit: (call, at, commands) => emit("softmax", call, at, commands) };

/** Logarithm of softmax along an axis (assembly/softmax.ts). */
export const logSoftmax: Emitter<"logSoftmax"> = {
  emit: (call, at, commands) => emit("logSoftmax", call, at, commands),
};
