import type { Value } from "@graftjs/tensor";
import { around, type CallOf, type Emitter, nth, sizeOf } from "./emitter.ts";

/** So many threads sort at once, at most: each needs memory of its own. */
const MAX_SLOTS = 8;

function slotsOf({ attrs, inputs }: CallOf<"sort">): number {
  const { outer, inner } = around((inputs[0] as Value).spec.shape, attrs.axis);
  return Math.min(MAX_SLOTS, outer * inner);
}

/** Sorts along one axis (assembly/sort.ts). */
export const sort: Emitter<"sort"> = {
  workspaceBytes: (call) => {
    const { shape } = (call.inputs[0] as Value).spec;
    return 16 * (shape[call.attrs.axis] as number) * slotsOf(call);
  },
  emit: (call, at, commands) => {
    const { attrs, inputs } = call;
    const { shape, dtype } = (inputs[0] as Value).spec;
    const { outer, length, inner } = around(shape, attrs.axis);
    const cost = sizeOf(inputs, 0) * 3 * Math.log2(length + 2);
    commands.add("sort", cost, [
      ...[nth(at.inputs, 0), nth(at.outputs, 0), nth(at.outputs, 1), at.workspace],
      ...[outer, length, inner, Number(attrs.descending), Number(dtype === "int32"), slotsOf(call)],
    ]);
  },
};
