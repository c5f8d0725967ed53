import type { Value } from "@graftjs/tensor";
import { around, type Emitter, nth } from "./emitter.ts";

/** What the kernel does to a spec: sizes around the axis, direction, and whether it is int32. */
function shapeWords(
  { spec }: Value,
  { axis, reverse }: { readonly axis: number; readonly reverse: boolean },
): number[] {
  const { outer, length, inner } = around(spec.shape, axis);
  return [outer, length, inner, Number(reverse), Number(spec.dtype === "int32")];
}

/** Running sums (assembly/scan.ts). */
export const cumsum: Emitter<"cumsum"> = {
  emit: ({ attrs, inputs }, at, commands) => {
    const [x] = inputs as [Value];
    const words = shapeWords(x, attrs);
    commands.add("scan", 1.5 * size(words), [0, nth(at.inputs, 0), nth(at.outputs, 0), ...words]);
  },
};

/** Linear recurrences (assembly/scan.ts). */
export const linearRecurrence: Emitter<"linearRecurrence"> = {
  emit: ({ attrs, inputs }, at, commands) => {
    const [a] = inputs as [Value];
    const words = shapeWords(a, attrs);
    commands.add("scan", 2.5 * size(words), [nth(at.inputs, 0), nth(at.inputs, 1), nth(at.outputs, 0), ...words]);
  },
};

function size([outer, length, inner]: readonly number[]): number {
  return (outer as number) * (length as number) * (inner as number);
}
