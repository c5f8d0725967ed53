import { ShapeError } from "../errors.ts";
import { formatShape } from "../shape.ts";
import { type Tensor, tensor } from "../tensor.ts";
import { batchedAll } from "./batched.ts";
import { indexSelect, selectIndices } from "./indexSelect.ts";
import { maxPool2dWithIndices } from "./maxPool2d.ts";
import { type AdaptiveSize2d, adaptiveSize } from "./pool.ts";
import { reshape } from "./reshape.ts";

/** The window of adaptive pooling at each output position of an axis, filled up to equal lengths with its last index. */
function windows(size: number, out: number): { readonly indices: Int32Array; readonly length: number } {
  const starts = Array.from({ length: out }, (_, i) => Math.floor((i * size) / out));
  const ends = starts.map((_, i) => Math.ceil(((i + 1) * size) / out));
  const length = Math.max(...ends.map((end, i) => end - (starts[i] as number)));
  const indices = Int32Array.from({ length: out * length }, (_, k) => {
    const i = Math.floor(k / length);
    return Math.min((starts[i] as number) + (k % length), (ends[i] as number) - 1);
  });
  return { indices, length };
}

/**
 * Largest values of windows that divide [N, C, H, W] or [C, H, W] into an output of the given height and width, whatever
 * the input's: from ⌊i·in/out⌋ to ⌈(i+1)·in/out⌉. A size of `null` is that of the input. NaN if a window has one; the
 * gradient goes to the first of several.
 *
 * Differs from PyTorch: an output size of 0 is an error.
 * @throws {ShapeError} on empty sizes.
 * Source: https://pytorch.org/docs/stable/generated/torch.nn.functional.adaptive_max_pool2d.html
 *
 * @example
 * ```ts
 * import { adaptiveMaxPool2d, tensor } from "@graftjs/tensor";
 *
 * const image = tensor([[[1, 2, 3, 4], [5, 6, 7, 8]]]);
 * console.log(adaptiveMaxPool2d(image, [1, 2]).toNested()); // [[[6, 8]]]
 * ```
 */
export function adaptiveMaxPool2d(x: Tensor, outputSize: AdaptiveSize2d): Tensor {
  return adaptiveMaxPool2dWithIndices(x, outputSize).values;
}

/**
 * {@link adaptiveMaxPool2d}, and where each maximum is: its offset h · W + w into the plane, int32.
 * Source: https://pytorch.org/docs/stable/generated/torch.nn.AdaptiveMaxPool2d.html (`return_indices`)
 *
 * @example
 * ```ts
 * import { adaptiveMaxPool2dWithIndices, tensor } from "@graftjs/tensor";
 *
 * const { values, indices } = adaptiveMaxPool2dWithIndices(tensor([[[1, 2, 3, 4], [5, 6, 7, 8]]]), [1, 2]);
 * console.log(values.toNested(), indices.toNested()); // [[[6, 8]]] [[[5, 7]]]
 * ```
 */
export function adaptiveMaxPool2dWithIndices(
  x: Tensor,
  outputSize: AdaptiveSize2d,
): { values: Tensor; indices: Tensor } {
  const [values, indices] = batchedAll(x, 4, (planes) => {
    const result = pooled(planes, outputSize);
    return [result.values, result.indices];
  });
  return { values: values as Tensor, indices: indices as Tensor };
}

/** Overlapping and unequal windows are laid out side by side; then they are those of an ordinary pool. */
function pooled(x: Tensor, outputSize: AdaptiveSize2d): { values: Tensor; indices: Tensor } {
  const [height, width] = x.shape.slice(2) as [number, number];
  const size = adaptiveSize(outputSize, x.shape);
  if (x.rank !== 4 || height < 1 || width < 1 || !size.every((d) => Number.isInteger(d) && d >= 1)) {
    throw new ShapeError({
      op: "adaptiveMaxPool2d",
      expected: "[N, C, H, W] and an output size >= 1",
      got: `${formatShape(x.shape)} and ${formatShape(size)}`,
    });
  }
  const [rows, columns] = [windows(height, size[0]), windows(width, size[1])];
  const apart = rows.indices.length !== height || columns.indices.length !== width;
  const along = (t: Tensor, { indices }: typeof rows, axis: number): Tensor =>
    indices.length === t.shape[axis] ? t : selectIndices(t, indices, axis);
  const laidOut = along(along(x, rows, 2), columns, 3);
  const { values, indices } = maxPool2dWithIndices(laidOut, [rows.length, columns.length]);
  if (!apart) return { values, indices };
  const origin = Int32Array.from({ length: rows.indices.length * columns.indices.length }, (_, k) => {
    const row = rows.indices[Math.floor(k / columns.indices.length)] as number;
    return row * width + (columns.indices[k % columns.indices.length] as number);
  });
  return { values, indices: reshape(indexSelect(tensor(origin), reshape(indices, [indices.size])), indices.shape) };
}

/**
 * Maximum over the plane: [N, C, H, W] to [N, C, 1, 1]. Source: https://onnx.ai/onnx/operators/onnx__GlobalMaxPool.html
 *
 * @example
 * ```ts
 * import { globalMaxPool2d, tensor } from "@graftjs/tensor";
 *
 * console.log(globalMaxPool2d(tensor([[[[1, 2], [3, 4]]]])).toNested()); // [[[[4]]]]
 * ```
 */
export function globalMaxPool2d(x: Tensor): Tensor {
  return adaptiveMaxPool2d(x, 1);
}
