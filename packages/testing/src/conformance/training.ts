import {
  add,
  batchNorm,
  compile,
  conv2d,
  type Device,
  flatten,
  Generator,
  gradients,
  greaterEqual,
  logSoftmax,
  matmul,
  maxPool2d,
  mean,
  mul,
  oneHot,
  randomUniform,
  relu,
  sub,
  sum,
  type Tensor,
  tensor,
  where,
  zeros,
} from "@graftjs/tensor";
import { uniformArray } from "../random.ts";

/** What a training run ends in. */
export interface TrainingResult {
  readonly losses: Tensor[];
  /** Weights, momentum, running statistics, state of the random numbers. */
  readonly states: Tensor[];
}

const CLASSES = 5;

/**
 * Trains a small network (convolution, BatchNorm, ReLU, pooling, dropout, linear) for some compiled steps of SGD with
 * momentum, backward and update inside of the program.
 */
export function train(device: Device, steps: number): TrainingResult {
  const parameter = (shape: number[], seed: number): Tensor =>
    tensor(
      uniformArray(
        shape.reduce((n, d) => n * d, 1),
        seed,
        -0.3,
        0.3,
      ),
      shape,
      { requiresGrad: true },
    );
  const weights = [
    parameter([8, 3, 3, 3], 1),
    parameter([8], 2),
    parameter([8], 3),
    parameter([8], 4),
    parameter([12, 8, 3, 3], 5),
    parameter([12], 6),
    parameter([CLASSES, 12 * 9], 7),
    parameter([CLASSES], 8),
  ];
  const momentum = weights.map((w) => zeros(w.shape));
  const [runningMean, runningVariance] = [zeros([8]), zeros([8])];
  const generator = new Generator(3);

  const step = compile(
    (x: Tensor, labels: Tensor): Tensor => {
      const [w1, b1, gamma, beta, w2, b2, w3, b3] = weights as [
        Tensor,
        Tensor,
        Tensor,
        Tensor,
        Tensor,
        Tensor,
        Tensor,
        Tensor,
      ];
      const normal = batchNorm(conv2d(x, w1, b1, { padding: 1 }), gamma, beta);
      const hidden = maxPool2d(relu(normal.y), 2);
      const deep = maxPool2d(relu(conv2d(hidden, w2, b2, { padding: 1 })), 2);
      const kept = randomUniform(deep.shape, generator);
      const dropped = where(greaterEqual(kept, 0.25), mul(deep, 1 / 0.75), 0);
      const logits = add(matmul(flatten(dropped, 1), w3, { transposeB: true }), b3);
      const loss = mul(mean(sum(mul(logSoftmax(logits), oneHot(labels, CLASSES)), { axes: 1 })), -1);
      const grads = gradients(loss, weights);
      weights.forEach((w, i) => {
        const velocity = add(mul(momentum[i] as Tensor, 0.9), grads[i] as Tensor);
        (momentum[i] as Tensor).assign(velocity);
        w.assign(sub(w.detach(), mul(velocity, 0.05)));
      });
      runningMean.assign(add(mul(runningMean, 0.9), mul(normal.mean, 0.1)));
      runningVariance.assign(add(mul(runningVariance, 0.9), mul(normal.variance, 0.1)));
      return loss;
    },
    { device },
  );

  const losses = Array.from({ length: steps }, (_, i) => {
    const x = tensor(uniformArray(6 * 3 * 12 * 12, 100 + i), [6, 3, 12, 12]);
    const labels = tensor(
      Int32Array.from({ length: 6 }, (_, j) => (i + j) % CLASSES),
      [6],
    );
    return step(x, labels);
  });
  return { losses, states: [...weights, ...momentum, runningMean, runningVariance, generator.state] };
}
