import { Conv2d, type Generator, Linear, Module } from "@graftjs/nn";
import { flatten, maxPool2d, relu, type Tensor } from "@graftjs/tensor";

/** The tutorial's network, line for line; `LeNet` of `@graftjs/models` is the same. */
export class Net extends Module {
  conv1: Conv2d;
  conv2: Conv2d;
  fc1: Linear;
  fc2: Linear;
  fc3: Linear;

  constructor(generator: Generator) {
    super();
    this.conv1 = new Conv2d(1, 6, 3, { generator });
    this.conv2 = new Conv2d(6, 16, 3, { generator });
    this.fc1 = new Linear(16 * 5 * 5, 120, { generator });
    this.fc2 = new Linear(120, 84, { generator });
    this.fc3 = new Linear(84, 10, { generator });
  }

  forward(input: Tensor): Tensor {
    let x = maxPool2d(relu(this.conv1.forward(input)), 2);
    x = maxPool2d(relu(this.conv2.forward(x)), 2);
    x = flatten(x, 1); // all but the batch's axis
    x = relu(this.fc1.forward(x));
    x = relu(this.fc2.forward(x));
    return this.fc3.forward(x);
  }
}
