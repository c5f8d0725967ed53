import { crossEntropy } from "@graftjs/nn";
import type { Optimizer } from "@graftjs/optim";
import {
  argmax,
  type CompiledFunction,
  cast,
  compile,
  type Device,
  equal,
  noGrad,
  sum,
  type Tensor,
} from "@graftjs/tensor";

/** One update of a classifier, compiled: forward, backward and optimiser in one program. */
export function trainingStep(
  forward: (x: Tensor) => Tensor,
  optimizer: Optimizer,
  options: { readonly device: Device; readonly labelSmoothing: number },
): CompiledFunction<[Tensor, Tensor], { loss: Tensor; correct: Tensor }> {
  return compile(
    (inputs: Tensor, labels: Tensor) => {
      optimizer.zeroGrad();
      const logits = forward(inputs);
      const loss = crossEntropy(logits, labels, { labelSmoothing: options.labelSmoothing });
      loss.backward();
      optimizer.step();
      const correct = noGrad(() => sum(cast(equal(argmax(logits, 1), labels), "float32")));
      return { loss, correct };
    },
    { device: options.device },
  );
}
