import { allocate } from "../dtype.ts";
import { checkShape } from "../shape.ts";
import { type CreateOptions, type Tensor, tensor } from "../tensor.ts";

/**
 * [rows, columns] with 1 on the diagonal and 0 elsewhere; square unless said otherwise.
 * @throws {ShapeError} if a size is no integer >= 0.
 * Source: https://pytorch.org/docs/stable/generated/torch.eye.html
 *
 * @example
 * ```ts
 * import { eye } from "@graftjs/tensor";
 *
 * console.log(eye(2, 3).toNested()); // [[1, 0, 0], [0, 1, 0]]
 * ```
 */
export function eye(rows: number, columns: number = rows, options: CreateOptions = {}): Tensor {
  checkShape("eye", [rows, columns]);
  const { dtype = "float32" } = options;
  const values = allocate(dtype, rows * columns);
  for (let i = 0; i < Math.min(rows, columns); i++) values[i * columns + i] = 1;
  return tensor(values, [rows, columns], options);
}
