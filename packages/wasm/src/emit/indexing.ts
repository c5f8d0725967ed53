import { bytesPerElement, type Value } from "@graftjs/tensor";
import { around, type Emitter, nth, shapeOf, sizeOf } from "./emitter.ts";

/** Slices by index (assembly/gather.ts). */
export const indexSelect: Emitter<"indexSelect"> = {
  emit: ({ attrs, inputs, outputs }, at, commands) => {
    const { outer, length, inner } = around(shapeOf(inputs, 0), attrs.axis);
    const bytes = bytesPerElement((inputs[0] as Value).spec.dtype);
    commands.add("indexSelect", sizeOf(outputs, 0) * bytes * 0.2, [
      ...[nth(at.inputs, 0), nth(at.inputs, 1), nth(at.outputs, 0)],
      ...[outer, length, inner, sizeOf(inputs, 1), bytes],
    ]);
  },
};

/** The transpose of `indexSelect` (assembly/gather.ts). */
export const indexAdd: Emitter<"indexAdd"> = {
  emit: ({ attrs, inputs }, at, commands) => {
    const { shape, dtype } = (inputs[0] as Value).spec;
    const { outer, inner } = around(shape, attrs.axis);
    const count = sizeOf(inputs, 1);
    commands.add("indexAdd", 0.12 * outer * inner * (count + attrs.size), [
      ...[nth(at.inputs, 0), nth(at.inputs, 1), nth(at.outputs, 0)],
      ...[outer, attrs.size, inner, count, Number(dtype === "int32")],
    ]);
  },
};

/** Elements by index (assembly/gather.ts). */
export const gather: Emitter<"gather"> = {
  emit: ({ attrs, inputs, outputs }, at, commands) => {
    const { shape, dtype } = (inputs[0] as Value).spec;
    const { outer, length, inner } = around(shape, attrs.axis);
    commands.add("gather", 2 * sizeOf(outputs, 0), [
      ...[nth(at.inputs, 0), nth(at.inputs, 1), nth(at.outputs, 0)],
      ...[outer, length, inner, shapeOf(inputs, 1)[attrs.axis] as number, bytesPerElement(dtype)],
    ]);
  },
};

/** The transpose of `gather` (assembly/gather.ts). */
export const scatterAdd: Emitter<"scatterAdd"> = {
  emit: ({ attrs, inputs, outputs }, at, commands) => {
    const { shape, dtype } = (inputs[0] as Value).spec;
    const { outer, length, inner } = around(shape, attrs.axis);
    commands.add("scatterAdd", 2 * sizeOf(inputs, 0) + 0.2 * sizeOf(outputs, 0), [
      ...[nth(at.inputs, 0), nth(at.inputs, 1), nth(at.outputs, 0)],
      ...[outer, attrs.size, inner, length, Number(dtype === "int32")],
    ]);
  },
};

/** Writing by index (assembly/gather.ts). */
export const scatter: Emitter<"scatter"> = {
  emit: ({ attrs, inputs, outputs }, at, commands) => {
    const { shape, dtype } = (inputs[0] as Value).spec;
    const { outer, length, inner } = around(shape, attrs.axis);
    commands.add("scatter", 2 * sizeOf(inputs, 1) + 0.3 * sizeOf(outputs, 0), [
      ...[nth(at.inputs, 0), nth(at.inputs, 1), nth(at.outputs, 0)],
      ...[outer, length, inner, shapeOf(inputs, 1)[attrs.axis] as number, bytesPerElement(dtype), nth(at.inputs, 2)],
    ]);
  },
};
