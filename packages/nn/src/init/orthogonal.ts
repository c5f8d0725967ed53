import { ArgumentError, formatShape, type Generator, numel, type Shape, type Tensor, tensor } from "@graftjs/tensor";
import { normal } from "./distributions.ts";
import { isInitSkipped } from "./skipInit.ts";

/** Options of {@link orthogonal}. */
export interface OrthogonalOptions {
  /** What the matrix is multiplied by. Default 1. */
  readonly gain?: number;
  readonly generator?: Generator;
}

/**
 * A weight [out, in, ...] that, as a matrix [out, in · ...], has orthonormal rows, or, if it is taller than wide, columns;
 * drawn uniformly from all of them. By Gram-Schmidt of a normal matrix, in float64: O(min² · max) steps, here and not on
 * a device.
 * @throws {ArgumentError} for fewer than two axes. @throws {TraceError} inside of a compiled function.
 * Source: Saxe et al. 2013, https://arxiv.org/abs/1312.6120;
 * https://pytorch.org/docs/stable/nn.init.html#torch.nn.init.orthogonal_
 *
 * @example
 * ```ts
 * import { orthogonal } from "@graftjs/nn";
 * import { matmul } from "@graftjs/tensor";
 *
 * const weight = orthogonal([2, 3]);
 * console.log(matmul(weight, weight, { transposeB: true }).toNested()); // [[1.0000, 0.0000], [0.0000, 1.0000]]
 * ```
 */
export function orthogonal(shape: Shape, options: OrthogonalOptions = {}): Tensor {
  const { gain = 1, generator } = options;
  const [rows, ...rest] = shape;
  if (rows === undefined || rest.length === 0) {
    throw new ArgumentError({ op: "orthogonal", expected: "a weight of at least two axes", got: formatShape(shape) });
  }
  const columns = numel(rest);
  const drawn = normal([Math.min(rows, columns), Math.max(rows, columns)], generator ? { generator } : {});
  if (isInitSkipped()) return tensor(drawn.toArray(), shape);
  const wide = orthonormalize(Float64Array.from(drawn.toArray()), ...(drawn.shape as [number, number]));
  const values = Float32Array.from(wide, (_, i) => {
    const at = rows <= columns ? i : (i % columns) * rows + Math.floor(i / columns);
    return gain * (wide[at] as number);
  });
  return tensor(values, shape);
}

/** Makes the rows of a wide matrix orthonormal, in place. */
function orthonormalize(matrix: Float64Array, rows: number, columns: number): Float64Array {
  const row = (i: number): Float64Array => matrix.subarray(i * columns, (i + 1) * columns);
  for (let i = 0; i < rows; i++) {
    const current = row(i);
    // Twice is enough: what the first pass leaves by rounding, the second removes.
    for (let pass = 0; pass < 2; pass++) {
      for (let j = 0; j < i; j++) subtract(current, row(j), dot(current, row(j)));
    }
    const norm = Math.sqrt(dot(current, current));
    for (let k = 0; k < columns; k++) current[k] = (current[k] as number) / norm;
  }
  return matrix;
}

function dot(a: Float64Array, b: Float64Array): number {
  let total = 0;
  for (let i = 0; i < a.length; i++) total += (a[i] as number) * (b[i] as number);
  return total;
}

function subtract(from: Float64Array, b: Float64Array, factor: number): void {
  for (let i = 0; i < from.length; i++) from[i] = (from[i] as number) - factor * (b[i] as number);
}
