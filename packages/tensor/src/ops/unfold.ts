import { ArgumentError, ShapeError } from "../errors.ts";
import { formatShape, type Shape } from "../shape.ts";
import { type Tensor, tensor } from "../tensor.ts";
import { batched } from "./batched.ts";
import { type Padding2d, pair, type Size2d, sides } from "./conv2d.ts";
import { indexAdd } from "./indexAdd.ts";
import { selectIndices } from "./indexSelect.ts";
import { pad } from "./pad.ts";
import { permute } from "./permute.ts";
import { reshape } from "./reshape.ts";
import { slice } from "./slice.ts";

/** Options of {@link unfold} and {@link fold}. */
export interface UnfoldOptions {
  readonly dilation?: Size2d;
  readonly padding?: Padding2d;
  readonly stride?: Size2d;
}

/** Blocks of a plane: how many there are along each axis, and which padded rows and columns each element of theirs has. */
interface Blocks {
  readonly kernel: readonly [number, number];
  readonly padding: readonly [number, number, number, number];
  readonly counts: readonly [number, number];
  /** [kernel · counts] along each axis. */
  readonly indices: readonly [Int32Array, Int32Array];
}

/** @throws {ArgumentError} on options out of range. @throws {ShapeError} if no block fits. */
function blocksOf(op: string, plane: Shape, kernelSize: Size2d, options: UnfoldOptions): Blocks {
  const [kernel, padding] = [pair(kernelSize), sides(options.padding ?? 0)];
  const [dilation, stride] = [pair(options.dilation ?? 1), pair(options.stride ?? 1)];
  const positive = [...kernel, ...dilation, ...stride].every((v) => Number.isInteger(v) && v >= 1);
  if (!positive || !padding.every((p) => Number.isInteger(p) && p >= 0)) {
    throw new ArgumentError({
      op,
      expected: "integers: kernel size, dilation and stride >= 1, padding >= 0",
      got: JSON.stringify({ kernelSize, ...options }),
    });
  }
  const count = (axis: 0 | 1): number => {
    const padded = (plane[axis] as number) + padding[axis] + padding[(axis + 2) as 2 | 3];
    return Math.floor((padded - dilation[axis] * (kernel[axis] - 1) - 1) / stride[axis]) + 1;
  };
  const counts = [count(0), count(1)] as const;
  if (counts.some((c) => c < 1)) {
    throw new ShapeError({
      op,
      expected: "a padded plane at least as large as the dilated kernel",
      got: `${formatShape(plane)} and ${JSON.stringify({ kernelSize, ...options })}`,
    });
  }
  const indices = ([0, 1] as const).map((axis) => {
    const at = (i: number): number => Math.floor(i / counts[axis]) * dilation[axis] + (i % counts[axis]) * stride[axis];
    return Int32Array.from({ length: kernel[axis] * counts[axis] }, (_, i) => at(i));
  });
  return { kernel, padding, counts, indices: indices as [Int32Array, Int32Array] };
}

/**
 * The blocks that a convolution of [N, C, H, W] or [C, H, W] would see, as columns: [N, C · kH · kW, blocks].
 * Defaults: dilation 1, padding 0 with zeros, stride 1.
 * @throws {ShapeError} if shapes do not fit. @throws {ArgumentError} on options out of range.
 * Source: https://pytorch.org/docs/stable/generated/torch.nn.functional.unfold.html
 *
 * @example
 * ```ts
 * import { ones, tensor, unfold } from "@graftjs/tensor";
 *
 * console.log(unfold(tensor([[[1, 2, 3], [4, 5, 6]]]), 2).toNested()); // [[1, 2], [2, 3], [4, 5], [5, 6]]
 * console.log(unfold(ones([1, 3, 8, 8]), 4, { stride: 4 }).shape); // [1, 48, 4]
 * ```
 */
export function unfold(x: Tensor, kernelSize: Size2d, options: UnfoldOptions = {}): Tensor {
  if (x.rank !== 3 && x.rank !== 4) {
    throw new ShapeError({ op: "unfold", expected: "[N, C, H, W] or [C, H, W]", got: formatShape(x.shape) });
  }
  return batched(x, 4, (planes) => {
    const [batch, channels, ...plane] = planes.shape as [number, number, number, number];
    const { kernel, padding, counts, indices } = blocksOf("unfold", plane, kernelSize, options);
    const padded = pad(planes, [
      [0, 0],
      [0, 0],
      [padding[0], padding[2]],
      [padding[1], padding[3]],
    ]);
    const repeated = selectIndices(selectIndices(padded, indices[0], 2), indices[1], 3);
    const split = reshape(repeated, [batch, channels, kernel[0], counts[0], kernel[1], counts[1]]);
    const columns = permute(split, [0, 1, 2, 4, 3, 5]);
    return reshape(columns, [batch, channels * kernel[0] * kernel[1], counts[0] * counts[1]]);
  });
}

/**
 * Adds up blocks [N, C · kH · kW, blocks] or [C · kH · kW, blocks] where `unfold` would take them from a plane of
 * `outputSize`: [N, C, H, W]; the transpose of `unfold`. Defaults: dilation 1, padding 0, stride 1.
 * @throws {ShapeError} if shapes do not fit. @throws {ArgumentError} on options out of range.
 * Source: https://pytorch.org/docs/stable/generated/torch.nn.functional.fold.html
 *
 * @example
 * ```ts
 * import { fold, ones, unfold } from "@graftjs/tensor";
 *
 * const blocks = unfold(ones([1, 1, 3, 3]), 2);
 * console.log(fold(blocks, 3, 2).toNested()); // [[[[1, 2, 1], [2, 4, 2], [1, 2, 1]]]]
 * ```
 */
export function fold(x: Tensor, outputSize: Size2d, kernelSize: Size2d, options: UnfoldOptions = {}): Tensor {
  const plane = pair(outputSize);
  const { kernel, padding, counts, indices } = blocksOf("fold", plane, kernelSize, options);
  const [block, blocks] = [kernel[0] * kernel[1], counts[0] * counts[1]];
  const [rows = 0, columns] = x.shape.slice(-2);
  if ((x.rank !== 2 && x.rank !== 3) || rows % block !== 0 || columns !== blocks) {
    const expected = `[N, C · ${block}, ${blocks}] or [C · ${block}, ${blocks}]`;
    throw new ShapeError({ op: "fold", expected, got: formatShape(x.shape) });
  }
  return batched(x, 3, (columnsOf) => {
    const [batch, channels] = [columnsOf.shape[0] as number, rows / block];
    const split = reshape(columnsOf, [batch, channels, ...kernel, ...counts]);
    const spread = permute(split, [0, 1, 2, 4, 3, 5]);
    const repeated = reshape(spread, [batch, channels, kernel[0] * counts[0], kernel[1] * counts[1]]);
    const extent = (axis: 0 | 1): number => plane[axis] + padding[axis] + padding[(axis + 2) as 2 | 3];
    const padded = indexAdd(indexAdd(repeated, tensor(indices[1]), 3, extent(1)), tensor(indices[0]), 2, extent(0));
    const cropped = slice(padded, 2, padding[0], padding[0] + plane[0]);
    return slice(cropped, 3, padding[1], padding[1] + plane[1]);
  });
}
