import {
  abs,
  div,
  erfinv,
  exp,
  greater,
  max,
  mul,
  sigmoid,
  softmax,
  sub,
  sum,
  type Tensor,
  where,
} from "@graftjs/tensor";

/** Scores below this count as zero in SOFTMAX_ZERO. */
const zero = 1e-7;

const transforms: Readonly<Record<string, (scores: Tensor) => Tensor>> = {
  NONE: (scores) => scores,
  SOFTMAX: (scores) => softmax(scores, -1),
  LOGISTIC: sigmoid,
  SOFTMAX_ZERO: softmaxZero,
  // The inverse of the normal distribution function.
  PROBIT: (scores) => mul(erfinv(sub(mul(scores, 2), 1)), Math.SQRT2),
};

/** A softmax of the scores that are not zero; those that are stay so, and a row of nothing else becomes 1/2. */
function softmaxZero(scores: Tensor): Tensor {
  const along = { axes: -1, keepDims: true };
  const kept = greater(abs(scores), zero);
  const powers = where(kept, exp(sub(scores, max(scores, along))), 0);
  const total = sum(powers, along);
  const some = greater(total, 0);
  return where(some, div(powers, where(some, total, 1)), 0.5);
}

/** What the attribute `post_transform` makes of scores [N, E]. */
export function postTransform(name: string, reject: (reason: string) => never): (scores: Tensor) => Tensor {
  const known = Object.hasOwn(transforms, name) ? transforms[name] : undefined;
  return known ?? reject(`post_transform "${name}", where ${Object.keys(transforms).join(", ")} are defined`);
}
