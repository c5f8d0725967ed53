import { apply1 } from "../apply.ts";
import { type DType, isFloat, toInt32 } from "../dtype.ts";
import type { Op } from "../op.ts";
import type { Tensor } from "../tensor.ts";

export interface CastAttrs {
  readonly dtype: DType;
}

const convert = {
  float32: (x) => x,
  float64: (x) => x,
  int32: toInt32,
  bool: (x) => (x !== 0 ? 1 : 0),
} satisfies Record<DType, (x: number) => number>;

export const castOp: Op<CastAttrs> = {
  name: "cast",
  kind: "elementwise",
  infer: ({ dtype }, x) => [{ shape: x.shape, dtype }],
  grad: ({ grad, attrs }, x) => [isFloat(attrs.dtype) && isFloat(x.dtype) ? cast(grad, x.dtype) : null],
  reference: ({ attrs, output }, x) => {
    const to = convert[attrs.dtype];
    for (let i = 0; i < x.data.length; i++) output.data[i] = to(x.data[i] as number);
  },
  samples: [
    { attrs: { dtype: "int32" }, inputs: [{ shape: [4], range: [-9, 9] }] },
    { attrs: { dtype: "bool" }, inputs: [{ shape: [3], dtype: "float32", values: [0, 0.5, -2] }] },
    { attrs: { dtype: "float32" }, inputs: [{ shape: [3], dtype: "int32", values: [-7, 0, 7] }] },
    { attrs: { dtype: "float32" }, inputs: [{ shape: [3], dtype: "bool", values: [1, 0, 1] }] },
  ],
};

/**
 * The values of `x` as another dtype: to int32 by dropping the fraction, to bool by comparing with 0 (NaN is true). What int32
 * cannot hold becomes the nearest number that it can, NaN becomes 0; in PyTorch that depends on the machine.
 * Source: https://pytorch.org/docs/stable/generated/torch.Tensor.to.html
 *
 * @example
 * ```ts
 * import { cast, tensor } from "@graftjs/tensor";
 *
 * console.log(cast(tensor([-1.7, 0, 2.9]), "int32").toNested()); // [-1, 0, 2]
 * console.log(cast(tensor([-1.7, 0, NaN]), "bool").toNested()); // [1, 0, 1]
 * ```
 */
export function cast(x: Tensor, dtype: DType): Tensor {
  return x.dtype === dtype ? x : apply1(castOp, [x], { dtype });
}
