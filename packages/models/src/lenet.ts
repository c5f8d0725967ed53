import { Conv2d, Linear } from "@graftjs/nn";
import { flatten, maxPool2d, relu, type Tensor } from "@graftjs/tensor";
import { Classifier, type ClassifierOptions, type Draw, type HeadOptions } from "./classifier.ts";

/**
 * The network of the classic tutorial: [N, 1, 28, 28] (digits) to logits [N, classes], by default 10.
 * conv 3×3 to 6, pool, conv 3×3 to 16, pool, 400 to 120 to 84 to classes. Parameters `conv1`, `conv2`, `fc1`, `fc2`, `fc3`.
 * Source: LeCun et al. 1998; https://pytorch.org/tutorials/beginner/blitz/cifar10_tutorial.html
 *
 * @example
 * ```ts
 * import { LeNet } from "@graftjs/models";
 * import { zeros } from "@graftjs/tensor";
 *
 * const net = new LeNet({ classes: 10 });
 * const digits = zeros([2, 1, 28, 28]);
 * console.log(net.forward(digits).shape, net.forwardFeatures(digits).shape); // [2, 10] [2, 84]
 * ```
 */
export class LeNet extends Classifier {
  readonly conv1: Conv2d;
  readonly conv2: Conv2d;
  readonly fc1: Linear;
  readonly fc2: Linear;
  fc3: Linear;

  constructor({ classes = 10, ...draw }: ClassifierOptions = {}) {
    super();
    this.conv1 = new Conv2d(1, 6, 3, draw);
    this.conv2 = new Conv2d(6, 16, 3, draw);
    this.fc1 = new Linear(16 * 5 * 5, 120, draw);
    this.fc2 = new Linear(120, 84, draw);
    this.fc3 = new Linear(84, classes, draw);
  }

  /** [N, 1, 28, 28] to [N, 84]. */
  override forwardFeatures(x: Tensor): Tensor {
    let y = maxPool2d(relu(this.conv1.forward(x)), 2);
    y = maxPool2d(relu(this.conv2.forward(y)), 2);
    y = relu(this.fc1.forward(flatten(y, 1)));
    return relu(this.fc2.forward(y));
  }

  override forwardHead(features: Tensor, { preLogits = false }: HeadOptions = {}): Tensor {
    return preLogits ? features : this.fc3.forward(features);
  }

  override getClassifier(): Linear {
    return this.fc3;
  }

  override resetClassifier(classes: number, options: Draw = {}): void {
    this.fc3 = new Linear(84, classes, options);
  }

  protected override depthOf(name: string): readonly number[] {
    return [["conv1", "conv2", "fc1", "fc2", "fc3"].indexOf(name.split(".")[0] as string)];
  }
}
