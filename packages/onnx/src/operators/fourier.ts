import { formatShape, matmul, permute, reshape, ShapeError, type Tensor, tensor } from "@graftjs/tensor";

/** Options of {@link fourier}. */
export interface FourierOptions {
  /** Elements that are transformed: more than there are stand for zeros, fewer leave the rest out. */
  readonly length: number;
  readonly inverse: boolean;
  /** Whether of the spectrum of a real signal only the first half is given, or, for the inverse, is there. */
  readonly onesided: boolean;
}

/** A signal of 4,096 complex elements is transformed by as many. */
const largestMatrix = 2 ** 26;

/**
 * The discrete Fourier transform yₖ = Σ xₜ · e^(∓2πikt / length) along an axis of [..., 1] (real) or [..., 2] (complex); the
 * inverse divides by the length. It is a product with a matrix of sines and cosines, so that it takes length² steps and is
 * differentiable.
 * @throws {ShapeError} if the last axis is neither 1 nor 2, or the matrix is absurdly large
 */
export function fourier(op: string, x: Tensor, axis: number, options: FourierOptions): Tensor {
  const { length, inverse, onesided } = options;
  const [size, parts] = [x.shape[axis] as number, x.shape.at(-1) as number];
  if (axis >= x.rank - 1 || (parts !== 1 && parts !== 2) || length < 1) {
    throw new ShapeError({
      op,
      expected: "a signal [..., 1] or [..., 2], transformed along another axis than the last, to at least one element",
      got: `${formatShape(x.shape)} along axis ${axis}, to ${length}`,
    });
  }
  const toReal = inverse && onesided;
  const [out, outParts] = [onesided && !inverse ? Math.floor(length / 2) + 1 : length, toReal ? 1 : 2];
  const width = out * outParts;
  if (Math.max(size * parts, 1) * width > largestMatrix) {
    throw new ShapeError({
      op,
      expected: `a matrix of at most ${largestMatrix} elements for the transform`,
      got: formatShape([size * parts, width]),
    });
  }
  const matrix = new Float32Array(size * parts * width);
  const sign = inverse ? 1 : -1;
  const angles = Array.from({ length }, (_, i) => (2 * Math.PI * i) / length);
  const [cosines, sines] = [angles.map(Math.cos), angles.map(Math.sin)];
  for (let t = 0; t < Math.min(size, toReal ? Math.floor(length / 2) + 1 : length); t++) {
    // Half a spectrum stands for its mirror image too, but for the constant and, where it is even, the highest part.
    const twice = toReal && t > 0 && 2 * t < length;
    const weight = (twice ? 2 : 1) / (inverse ? length : 1);
    for (let k = 0; k < out; k++) {
      const turn = (k * t) % length;
      const [cos, sin] = [weight * (cosines[turn] as number), sign * weight * (sines[turn] as number)];
      const [real, imaginary] = [t * parts * width + k * outParts, (t * parts + 1) * width + k * outParts];
      matrix[real] = cos;
      if (outParts === 2) matrix[real + 1] = sin;
      if (parts === 2) matrix[imaginary] = -sin;
      if (parts === 2 && outParts === 2) matrix[imaginary + 1] = cos;
    }
  }
  const others = x.shape.map((_, i) => i).filter((i) => i !== axis && i !== x.rank - 1);
  const order = [...others, axis, x.rank - 1];
  const shape = others.map((i) => x.shape[i] as number);
  const rows = reshape(permute(x, order), [...shape, size * parts]);
  const y = reshape(matmul(rows, tensor(matrix, [size * parts, width])), [...shape, out, outParts]);
  return permute(
    y,
    order.map((_, i) => order.indexOf(i)),
  );
}
