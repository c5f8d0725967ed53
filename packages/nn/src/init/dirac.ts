import { ArgumentError, formatShape, numel, type Shape, type Tensor, tensor } from "@graftjs/tensor";

/**
 * A convolution's weight [out, in / groups, ...] that passes its input on: in each group output channel i is input channel
 * i, as far as there are any.
 * @param groups a divisor of out; default 1. @throws {ArgumentError} if it is not, or for fewer than three axes.
 * Source: https://pytorch.org/docs/stable/nn.init.html#torch.nn.init.dirac_
 *
 * @example
 * ```ts
 * import { dirac } from "@graftjs/nn";
 *
 * console.log(dirac([2, 2, 3]).toNested()); // [[[0, 1, 0], [0, 0, 0]], [[0, 0, 0], [0, 1, 0]]]
 * ```
 */
export function dirac(shape: Shape, groups = 1): Tensor {
  const [outs, ins, ...kernel] = shape;
  if (outs === undefined || ins === undefined || kernel.length === 0 || !Number.isInteger(outs / groups)) {
    throw new ArgumentError({
      op: "dirac",
      expected: "a weight [out, in, ...] of at least three axes, out being a multiple of groups",
      got: `${formatShape(shape)} in ${groups} groups`,
    });
  }
  const size = numel(kernel);
  const center = kernel.reduce((offset, d) => offset * d + Math.floor(d / 2), 0);
  const values = new Float32Array(outs * ins * size);
  const each = outs / groups;
  for (let o = 0; o < outs; o++) {
    const i = o % each;
    if (i < ins && size > 0) values[(o * ins + i) * size + center] = 1;
  }
  return tensor(values, shape);
}
