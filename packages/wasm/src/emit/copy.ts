import { bytesPerElement, type CallAttrs, type DType, numel, stridesOf, type Value } from "@graftjs/tensor";
import { type Commands, f32 } from "../commands.ts";
import { type CallOf, type Emitter, nth, shapeOf, sizeOf } from "./emitter.ts";
import { collapse } from "./layout.ts";

/** One end of a copy: the address of its first element, and strides in elements. */
interface End {
  readonly address: number;
  readonly strides: readonly number[];
}

/** Copies all elements of `shape` between two layouts (assembly/strided.ts). */
export function emitCopy(commands: Commands, shape: readonly number[], dtype: DType, from: End, to: End): void {
  const count = numel(shape);
  if (count === 0) return;
  const bytes = bytesPerElement(dtype);
  const layout = collapse(shape, from.strides, to.strides);
  const axes = layout.sizes.map((size, i) => [
    size,
    layout.strides[0]?.[i] as number,
    layout.strides[1]?.[i] as number,
  ]);
  if (axes.length === 0) axes.push([1, 1, 1]);
  // A transposition, if what is contiguous at the source is not what is contiguous at the target.
  const last = axes.length - 1;
  const source = axes.findIndex(([, step]) => step === 1);
  const transposed = bytes === 4 && source >= 0 && source !== last && axes[last]?.[2] === 1 && axes[last]?.[1] !== 0;
  if (transposed) axes.splice(last - 1, 0, ...axes.splice(source, 1));
  const header = [from.address, to.address, bytes, transposed ? 1 : 0, axes.length];
  commands.add("copy", count * bytes * 0.14, [...header, ...axes.flat()]);
}

/** Fills `count` elements at `address`. */
export function emitFill(commands: Commands, address: number, count: number, dtype: DType, value: number): void {
  if (count === 0) return;
  const bytes = bytesPerElement(dtype);
  const word = dtype === "float32" ? f32(value) : dtype === "bool" ? Number(value !== 0) : value | 0;
  commands.add("fill", count * bytes * 0.02, [address, count, bytes, word]);
}

type Copying = "permute" | "expand" | "slice" | "pad" | "concat" | "full";

function dtypeOf(values: readonly Value[]): DType {
  return (values[0] as Value).spec.dtype;
}

/** Offset in bytes of an index. */
function bytesAt(index: readonly number[], strides: readonly number[], dtype: DType): number {
  return index.reduce((sum, i, axis) => sum + i * (strides[axis] as number), 0) * bytesPerElement(dtype);
}

const permute: Emitter<"permute"> = {
  emit: ({ attrs, inputs, outputs }, at, commands) => {
    const strides = stridesOf(shapeOf(inputs, 0));
    const shape = shapeOf(outputs, 0);
    emitCopy(
      commands,
      shape,
      dtypeOf(inputs),
      { address: nth(at.inputs, 0), strides: attrs.axes.map((axis) => strides[axis] as number) },
      { address: nth(at.outputs, 0), strides: stridesOf(shape) },
    );
  },
};

const expand: Emitter<"expand"> = {
  emit: ({ inputs, outputs }, at, commands) => {
    const [from, shape] = [shapeOf(inputs, 0), shapeOf(outputs, 0)];
    const own = stridesOf(from);
    const lead = shape.length - from.length;
    const strides = shape.map((_, i) => (i < lead || from[i - lead] === 1 ? 0 : (own[i - lead] as number)));
    emitCopy(
      commands,
      shape,
      dtypeOf(inputs),
      { address: nth(at.inputs, 0), strides },
      { address: nth(at.outputs, 0), strides: stridesOf(shape) },
    );
  },
};

const slice: Emitter<"slice"> = {
  emit: ({ attrs, inputs, outputs }, at, commands) => {
    const strides = stridesOf(shapeOf(inputs, 0));
    const shape = shapeOf(outputs, 0);
    const dtype = dtypeOf(inputs);
    emitCopy(
      commands,
      shape,
      dtype,
      {
        address: nth(at.inputs, 0) + bytesAt(attrs.starts, strides, dtype),
        strides: strides.map((s, i) => s * (attrs.steps[i] as number)),
      },
      { address: nth(at.outputs, 0), strides: stridesOf(shape) },
    );
  },
};

const pad: Emitter<"pad"> = {
  emit: ({ attrs, inputs, outputs }, at, commands) => {
    const shape = shapeOf(inputs, 0);
    const strides = stridesOf(shapeOf(outputs, 0));
    const dtype = dtypeOf(inputs);
    emitFill(commands, nth(at.outputs, 0), sizeOf(outputs, 0), dtype, attrs.value);
    emitCopy(
      commands,
      shape,
      dtype,
      { address: nth(at.inputs, 0), strides: stridesOf(shape) },
      {
        address:
          nth(at.outputs, 0) +
          bytesAt(
            attrs.padding.map(([before]) => before),
            strides,
            dtype,
          ),
        strides: strides.map((s, i) => s * ((attrs.interior[i] as number) + 1)),
      },
    );
  },
};

const concat: Emitter<"concat"> = {
  emit: ({ attrs: { axis }, inputs, outputs }, at, commands) => {
    const strides = stridesOf(shapeOf(outputs, 0));
    const dtype = dtypeOf(inputs);
    let start = 0;
    inputs.forEach(({ spec: { shape } }, i) => {
      emitCopy(
        commands,
        shape,
        dtype,
        { address: nth(at.inputs, i), strides: stridesOf(shape) },
        { address: nth(at.outputs, 0) + start * (strides[axis] as number) * bytesPerElement(dtype), strides },
      );
      start += shape[axis] as number;
    });
  },
};

const full: Emitter<"full"> = {
  emit: ({ attrs, outputs }: CallOf<"full">, at, commands) =>
    emitFill(commands, nth(at.outputs, 0), sizeOf(outputs, 0), attrs.dtype, attrs.value),
};

/** Ops that move elements without computing: copies between two strided layouts, and fills. */
export const copies: { readonly [K in Copying & keyof CallAttrs]: Emitter<K> } = {
  permute,
  expand,
  slice,
  pad,
  concat,
  full,
};
