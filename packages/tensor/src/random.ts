import { apply } from "./apply.ts";
import { noGrad } from "./autograd/gradMode.ts";
import { ArgumentError } from "./errors.ts";
import { add } from "./ops/add.ts";
import { cos } from "./ops/cos.ts";
import { less } from "./ops/less.ts";
import { log } from "./ops/log.ts";
import { mul } from "./ops/mul.ts";
import { randomUniformOp } from "./ops/randomUniform.ts";
import { sqrt } from "./ops/sqrt.ts";
import { sub } from "./ops/sub.ts";
import type { Shape } from "./shape.ts";
import { type Tensor, tensor } from "./tensor.ts";

/**
 * A stream of random numbers: the same seed gives the same numbers on every device, whatever the number of threads.
 * Inside of a compiled function each run draws anew. Its `state` is int32 [4]: seed (two words), draws so far (two words);
 * saving and restoring it continues the stream.
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

/** Numbers drawn uniformly from [low, high). Source: https://pytorch.org/docs/stable/generated/torch.rand.html */
export function randomUniform(shape: Shape, generator: Generator, low = 0, high = 1): Tensor {
  return noGrad(() => add(mul(generator.uniform(shape), high - low), low));
}

/**
 * Numbers drawn from the normal distribution, by the Box-Muller transform.
 * Source: https://pytorch.org/docs/stable/generated/torch.randn.html
 */
export function randomNormal(shape: Shape, generator: Generator, mean = 0, std = 1): Tensor {
  return noGrad(() => {
    // 1 - u is in (0, 1], so that its logarithm is finite.
    const radius = sqrt(mul(log(sub(1, generator.uniform(shape))), -2));
    const angle = mul(generator.uniform(shape), 2 * Math.PI);
    return add(mul(mul(radius, cos(angle)), std), mean);
  });
}

/** True with the given probability. Source: https://pytorch.org/docs/stable/generated/torch.bernoulli.html */
export function bernoulli(shape: Shape, generator: Generator, probability: number): Tensor {
  return noGrad(() => less(generator.uniform(shape), probability));
}
