import { DTypeError } from "../errors.ts";
import { broadcastShapes, stridesOf } from "../shape.ts";
import type { Tensor } from "../tensor.ts";
import { tensor } from "../tensor.ts";
import { expand } from "./expand.ts";
import { selectIndices } from "./indexSelect.ts";
import { flatten } from "./reshape.ts";

/**
 * The places of the elements that are not 0, in row-major order: int32 [count, axes of x].
 *
 * Its shape depends on values: only eagerly, on a device whose memory can be read at once.
 * @throws {TraceError} inside of a compiled function; use `where` or `maskedFill` there.
 * @throws {DeviceError} if the device has no memory that can be read at once.
 * Source: https://pytorch.org/docs/stable/generated/torch.nonzero.html
 *
 * @example
 * ```ts
 * import { nonzero, tensor } from "@graftjs/tensor";
 *
 * console.log(nonzero(tensor([[0, 7], [8, 0]])).toNested()); // [[0, 1], [1, 0]]
 * ```
 */
export function nonzero(x: Tensor): Tensor {
  const places = placesOf(x);
  const strides = stridesOf(x.shape);
  const indices = places.flatMap((place) => x.shape.map((d, i) => Math.floor(place / (strides[i] as number)) % d));
  return tensor(Int32Array.from(indices), [places.length, x.rank]);
}

/**
 * The elements of `x` for which the bool `mask` holds, in row-major order: [count]; the two broadcast together.
 *
 * Its shape depends on values: only eagerly, on a device whose memory can be read at once.
 * @throws {ShapeError} if the shapes do not broadcast. @throws {DTypeError} if the mask is not bool.
 * @throws {TraceError} inside of a compiled function; use `where` or `maskedFill` there.
 * @throws {DeviceError} if the device has no memory that can be read at once.
 * Source: https://pytorch.org/docs/stable/generated/torch.masked_select.html
 *
 * @example
 * ```ts
 * import { greater, maskedSelect, tensor } from "@graftjs/tensor";
 *
 * const x = tensor([[1, -2], [-3, 4]]);
 * console.log(maskedSelect(x, greater(x, 0)).toNested()); // [1, 4]
 * ```
 */
export function maskedSelect(x: Tensor, mask: Tensor): Tensor {
  if (mask.dtype !== "bool") throw new DTypeError({ op: "maskedSelect", expected: "a bool mask", got: mask.dtype });
  const shape = broadcastShapes("maskedSelect", x.shape, mask.shape);
  return selectIndices(flatten(expand(x, shape)), Int32Array.from(placesOf(expand(mask, shape))), 0);
}

function placesOf(x: Tensor): number[] {
  const data = x.toArray();
  return Array.from(data.keys()).filter((i) => data[i] !== 0);
}
