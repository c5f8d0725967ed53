import { crossEntropy, type Module } from "@graftjs/nn";
import { AdamW, LearningRateSchedule, warmupCosine } from "@graftjs/optim";
import { argmax, cast, compile, type Device, equal, mean, noGrad, type Tensor } from "@graftjs/tensor";

export interface ClassifierTrainingOptions {
  device: Device;
  /** All updates that will be made. */
  steps: number;
  learningRate: number;
  labelSmoothing?: number;
}

/**
 * Training of all of a network's parameters with AdamW, the learning rate warmed up over a twentieth of the steps and then
 * lowered along a cosine. Forward pass, backward pass and update are one compiled program.
 * @returns one update: mean loss and accuracy of the batch.
 */
export function classifierTraining(
  net: Module<[Tensor], Tensor>,
  { device, steps, learningRate, labelSmoothing = 0 }: ClassifierTrainingOptions,
): (inputs: Tensor, labels: Tensor) => Promise<{ loss: number; accuracy: number }> {
  const [matrices, vectors] = [true, false].map((wide) => net.parameters().filter((p) => p.rank > 1 === wide));
  const optimizer = new AdamW([{ parameters: matrices! }, { parameters: vectors!, weightDecay: 0 }], { learningRate });
  const schedule = new LearningRateSchedule(optimizer, warmupCosine({ warmup: Math.ceil(steps / 20), steps }));
  const update = compile(
    (inputs: Tensor, labels: Tensor) => {
      optimizer.zeroGrad();
      const logits = net.forward(inputs);
      const loss = crossEntropy(logits, labels, { labelSmoothing });
      loss.backward();
      optimizer.step();
      return { loss, accuracy: noGrad(() => mean(cast(equal(argmax(logits, 1), labels), "float32"))) };
    },
    { device },
  );
  net.train();
  return async (inputs, labels) => {
    const { loss, accuracy } = update(inputs, labels);
    schedule.step();
    return { loss: (await loss.read())[0] as number, accuracy: (await accuracy.read())[0] as number };
  };
}
