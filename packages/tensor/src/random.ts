import { apply } from "./apply.ts";
import { noGrad } from "./autograd/gradMode.ts";
import { toInt32 } from "./dtype.ts";
import { ArgumentError, ShapeError } from "./errors.ts";
import { add } from "./ops/add.ts";
import { argmax } from "./ops/argmax.ts";
import { cast } from "./ops/cast.ts";
import { cos } from "./ops/cos.ts";
import { expand } from "./ops/expand.ts";
import { indexSelect } from "./ops/indexSelect.ts";
import { less } from "./ops/less.ts";
import { log } from "./ops/log.ts";
import { minimum } from "./ops/minimum.ts";
import { mul } from "./ops/mul.ts";
import { neg } from "./ops/neg.ts";
import type { Operand } from "./ops/operand.ts";
import { randomUniformOp } from "./ops/randomUniform.ts";
import { unsqueeze } from "./ops/reshape.ts";
import { argsort } from "./ops/sort.ts";
import { sqrt } from "./ops/sqrt.ts";
import { sub } from "./ops/sub.ts";
import { topK } from "./ops/topK.ts";
import { formatShape, type Shape } from "./shape.ts";
import { isTensor, type Tensor, tensor } from "./tensor.ts";

/**
 * A stream of random numbers: the same seed gives the same numbers on every device, whatever the number of threads.
 * Inside of a compiled function each run draws anew. Its `state` is int32 [4]: seed (two words), draws so far (two words);
 * saving and restoring it continues the stream.
 *
 * @example
 * ```ts
 * import { equal, Generator, randomUniform, tensor } from "@graftjs/tensor";
 *
 * const generator = new Generator(7);
 * const state = generator.state.toArray();
 * const first = randomUniform([2], generator).toNested();
 * generator.state.assign(state); // the stream goes on from here again
 * console.log(equal(randomUniform([2], generator), tensor(first)).toNested()); // [1, 1]
 * ```
 */
export class Generator {
  readonly state: Tensor;

  /** @param seed a safe integer >= 0. @throws {ArgumentError} otherwise. */
  constructor(seed: number) {
    if (!Number.isSafeInteger(seed) || seed < 0) {
      throw new ArgumentError({ op: "Generator", expected: "a seed that is a safe integer >= 0", got: String(seed) });
    }
    this.state = tensor(Int32Array.of(seed, Math.floor(seed / 2 ** 32), 0, 0), [4]);
  }

  /** Uniform numbers in [0, 1), float32. */
  uniform(shape: Shape): Tensor {
    return noGrad(() => {
      const [values, next] = apply(randomUniformOp, [this.state], { shape: [...shape] }) as [Tensor, Tensor];
      this.state.assign(next);
      return values;
    });
  }
}

/**
 * Numbers drawn uniformly from [low, high), float32.
 * @throws {ShapeError} if a size is not an integer >= 0.
 * Source: https://pytorch.org/docs/stable/generated/torch.rand.html
 *
 * @example
 * ```ts
 * import { Generator, max, min, randomUniform } from "@graftjs/tensor";
 *
 * const x = randomUniform([10000], new Generator(0), -1, 1);
 * console.log(min(x).item(), max(x).item()); // -0.9999 0.9997
 * ```
 */
export function randomUniform(shape: Shape, generator: Generator, low = 0, high = 1): Tensor {
  return noGrad(() => {
    const values = add(mul(generator.uniform(shape), high - low), low);
    // The sum may round up to `high`.
    return low === 0 ? values : minimum(values, before(high));
  });
}

/** The largest float32 below `x`. */
function before(x: number): number {
  const value = Float32Array.of(x);
  if (value[0] === 0) return -(2 ** -149);
  if ((value[0] as number) < x) return value[0] as number;
  const bits = new Int32Array(value.buffer);
  bits[0] = (bits[0] as number) + (x > 0 ? -1 : 1);
  return value[0] as number;
}

/**
 * Numbers drawn from the normal distribution, by the Box-Muller transform; float32.
 * @throws {ShapeError} if a size is not an integer >= 0.
 * Source: https://pytorch.org/docs/stable/generated/torch.randn.html
 *
 * @example
 * ```ts
 * import { Generator, mean, randomNormal, std } from "@graftjs/tensor";
 *
 * const noise = randomNormal([10000], new Generator(0), 5, 2);
 * console.log(mean(noise).item(), std(noise).item()); // 5.004 1.99
 * ```
 */
export function randomNormal(shape: Shape, generator: Generator, mean = 0, std = 1): Tensor {
  return noGrad(() => {
    // 1 - u is in (0, 1], so that its logarithm is finite.
    const radius = sqrt(mul(log(sub(1, generator.uniform(shape))), -2));
    const angle = mul(generator.uniform(shape), 2 * Math.PI);
    return add(mul(mul(radius, cos(angle)), std), mean);
  });
}

/**
 * True with the given probability: one for all, or a tensor that broadcasts to `shape`. bool.
 * @throws {ShapeError} if a size is not an integer >= 0, or the probabilities do not broadcast.
 * Source: https://pytorch.org/docs/stable/generated/torch.bernoulli.html
 *
 * @example
 * ```ts
 * import { bernoulli, cast, Generator, mean } from "@graftjs/tensor";
 *
 * const kept = bernoulli([1000], new Generator(0), 0.8);
 * console.log(kept.dtype, mean(cast(kept, "float32")).item()); // "bool" 0.785
 * ```
 */
export function bernoulli(shape: Shape, generator: Generator, probability: Operand): Tensor {
  return noGrad(() => less(generator.uniform(shape), isTensor(probability) ? expand(probability, shape) : probability));
}

/** The uniform numbers are multiples of 1 / FINEST: of more integers some would never be drawn. */
const FINEST = 2 ** 24;

/**
 * Integers drawn uniformly from [low, high), int32.
 * @throws {ArgumentError} unless low and high are int32, and 0 < high - low <= 2²⁴.
 * @throws {ShapeError} if a size is not an integer >= 0.
 * Source: https://pytorch.org/docs/stable/generated/torch.randint.html
 *
 * @example
 * ```ts
 * import { Generator, max, min, randomInteger } from "@graftjs/tensor";
 *
 * const dice = randomInteger([1000], new Generator(0), 1, 7);
 * console.log(min(dice).item(), max(dice).item()); // 1 6
 * ```
 */
export function randomInteger(shape: Shape, generator: Generator, low: number, high: number): Tensor {
  if (low !== toInt32(low) || high !== toInt32(high) || high <= low || high - low > FINEST) {
    throw new ArgumentError({
      op: "randomInteger",
      expected: "int32 bounds with 0 < high - low <= 2^24",
      got: `${low} and ${high}`,
    });
  }
  return noGrad(() => add(cast(mul(generator.uniform(shape), high - low), "int32"), low));
}

/**
 * The integers from 0 to n - 1 in random order, int32 [n].
 * @throws {ArgumentError} unless n is an integer >= 0.
 * Source: https://pytorch.org/docs/stable/generated/torch.randperm.html
 *
 * @example
 * ```ts
 * import { Generator, randomPermutation, sort } from "@graftjs/tensor";
 *
 * const order = randomPermutation(5, new Generator(0));
 * console.log(order.toNested(), sort(order).values.toNested()); // [2, 3, 0, 4, 1] [0, 1, 2, 3, 4]
 * ```
 */
export function randomPermutation(n: number, generator: Generator): Tensor {
  if (!Number.isSafeInteger(n) || n < 0) {
    throw new ArgumentError({ op: "randomPermutation", expected: "an integer >= 0", got: String(n) });
  }
  // The order of random keys; where two are equal, that of second keys.
  const first = argsort(generator.uniform([n]));
  return indexSelect(first, argsort(indexSelect(generator.uniform([n]), first)));
}

/** Options of {@link multinomial}. */
export interface MultinomialOptions {
  /** Whether a class may be drawn several times in a row. Default false. */
  readonly replacement?: boolean;
}

/**
 * Draws `samples` classes out of each row of probabilities [C] or [N, C], which need not sum to 1: int32 [samples] or
 * [N, samples]. By the Gumbel-max trick, so that it works inside of compiled functions. PyTorch throws where probabilities are
 * negative, or too few are not 0; here, classes of probability 0 then come last.
 * @throws {ShapeError} if there are neither one nor two axes.
 * @throws {ArgumentError} unless `samples` is an integer >= 1, and without replacement at most C.
 * Source: https://pytorch.org/docs/stable/generated/torch.multinomial.html
 *
 * @example
 * ```ts
 * import { cast, equal, Generator, mean, multinomial, ones, tensor } from "@graftjs/tensor";
 *
 * const generator = new Generator(0);
 * const classes = multinomial(tensor([0, 1, 3]), 1000, generator, { replacement: true });
 * console.log(mean(cast(equal(classes, 2), "float32")).item()); // 0.748
 * console.log(multinomial(ones([4, 5]), 5, generator).shape); // [4, 5]
 * ```
 */
export function multinomial(
  probabilities: Tensor,
  samples: number,
  generator: Generator,
  options: MultinomialOptions = {},
): Tensor {
  const { replacement = false } = options;
  const { shape, rank } = probabilities;
  if (rank !== 1 && rank !== 2) {
    throw new ShapeError({ op: "multinomial", expected: "[C] or [N, C]", got: formatShape(shape) });
  }
  const classes = shape[rank - 1] as number;
  if (!Number.isInteger(samples) || samples < 1 || (!replacement && samples > classes)) {
    const expected = replacement ? "samples >= 1" : `samples in [1, ${classes}], the number of classes`;
    throw new ArgumentError({ op: "multinomial", expected, got: String(samples) });
  }
  return noGrad(() => {
    const scores = log(probabilities);
    if (!replacement) return topK(add(scores, gumbel(shape, generator)), samples).indices;
    const noise = gumbel([...shape.slice(0, -1), samples, classes], generator);
    return argmax(add(unsqueeze(scores, -2), noise), -1);
  });
}

/** -ln(-ln u): where it is added to logarithms of probabilities, the largest sum is a draw. Never positive infinity. */
function gumbel(shape: Shape, generator: Generator): Tensor {
  return neg(log(neg(log(generator.uniform(shape)))));
}
