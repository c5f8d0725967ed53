import { BatchNorm2d, type Conv2d, Linear, MaxPool2d, Module, Sequential } from "@graftjs/nn";
import { add, flatten, globalAvgPool2d, relu, type Tensor } from "@graftjs/tensor";
import { Classifier, type ClassifierOptions, type Draw, type HeadOptions } from "./classifier.ts";
import { convolution } from "./convNormActivation.ts";

function shortcut(input: number, output: number, stride: number, draw: Draw): Sequential | null {
  if (stride === 1 && input === output) return null;
  return new Sequential(convolution(input, output, { size: 1, stride }, draw), new BatchNorm2d(output));
}

/** Two 3×3 convolutions and a shortcut: the block of ResNet-18 and -34. */
class BasicBlock extends Module {
  static readonly expansion = 1;
  readonly conv1: Conv2d;
  readonly bn1: BatchNorm2d;
  readonly conv2: Conv2d;
  readonly bn2: BatchNorm2d;
  readonly downsample: Sequential | null;

  constructor(input: number, width: number, stride: number, draw: Draw) {
    super();
    this.conv1 = convolution(input, width, { size: 3, stride }, draw);
    this.bn1 = new BatchNorm2d(width);
    this.conv2 = convolution(width, width, { size: 3 }, draw);
    this.bn2 = new BatchNorm2d(width);
    this.downsample = shortcut(input, width, stride, draw);
  }

  forward(x: Tensor): Tensor {
    const y = relu(this.bn1.forward(this.conv1.forward(x)));
    const z = this.bn2.forward(this.conv2.forward(y));
    return relu(add(z, this.downsample ? this.downsample.forward(x) : x));
  }
}

/** 1×1, 3×3 (with the stride), 1×1 convolution and a shortcut: the block of ResNet-50 and deeper. */
class Bottleneck extends Module {
  static readonly expansion = 4;
  readonly conv1: Conv2d;
  readonly bn1: BatchNorm2d;
  readonly conv2: Conv2d;
  readonly bn2: BatchNorm2d;
  readonly conv3: Conv2d;
  readonly bn3: BatchNorm2d;
  readonly downsample: Sequential | null;

  constructor(input: number, width: number, stride: number, draw: Draw) {
    super();
    const output = width * Bottleneck.expansion;
    this.conv1 = convolution(input, width, { size: 1 }, draw);
    this.bn1 = new BatchNorm2d(width);
    this.conv2 = convolution(width, width, { size: 3, stride }, draw);
    this.bn2 = new BatchNorm2d(width);
    this.conv3 = convolution(width, output, { size: 1 }, draw);
    this.bn3 = new BatchNorm2d(output);
    this.downsample = shortcut(input, output, stride, draw);
  }

  forward(x: Tensor): Tensor {
    let y = relu(this.bn1.forward(this.conv1.forward(x)));
    y = relu(this.bn2.forward(this.conv2.forward(y)));
    y = this.bn3.forward(this.conv3.forward(y));
    return relu(add(y, this.downsample ? this.downsample.forward(x) : x));
  }
}

/** How many blocks each of the four stages has, and of which kind. */
interface Architecture {
  readonly Block: typeof BasicBlock | typeof Bottleneck;
  readonly depths: readonly [number, number, number, number];
}

/**
 * Residual network: [N, 3, H, W] (normally 224 × 224) to logits [N, classes], by default 1000. Made by {@link resnet18},
 * {@link resnet34}, {@link resnet50}, {@link resnet101} and {@link resnet152}. Parameters have torchvision's names; convolutions are at first Kaiming-normal.
 * Source: He et al. 2015, https://arxiv.org/abs/1512.03385; https://pytorch.org/vision/stable/models/resnet.html
 *
 * @example
 * ```ts
 * import { type ResNet, resnet18 } from "@graftjs/models";
 * import { skipInit } from "@graftjs/nn";
 * import { zeros } from "@graftjs/tensor";
 *
 * const net: ResNet = skipInit(() => resnet18({ classes: 5 }));
 * console.log(net.eval().forwardFeatures(zeros([1, 3, 32, 32])).shape); // [1, 512, 1, 1]
 * ```
 */
export class ResNet extends Classifier {
  readonly conv1: Conv2d;
  readonly bn1: BatchNorm2d;
  readonly maxpool: MaxPool2d;
  readonly layer1: Sequential;
  readonly layer2: Sequential;
  readonly layer3: Sequential;
  readonly layer4: Sequential;
  fc: Linear;

  /** @internal */
  constructor({ Block, depths }: Architecture, { classes = 1000, ...draw }: ClassifierOptions) {
    super();
    let input = 64;
    const stage = (i: 0 | 1 | 2 | 3): Sequential => {
      const width = 64 * 2 ** i;
      const blocks = Array.from({ length: depths[i] }, (_, j) => {
        const block = new Block(input, width, i > 0 && j === 0 ? 2 : 1, draw);
        input = width * Block.expansion;
        return block;
      });
      return new Sequential(...blocks);
    };
    this.conv1 = convolution(3, input, { size: 7, stride: 2 }, draw);
    this.bn1 = new BatchNorm2d(input);
    this.maxpool = new MaxPool2d(3, { stride: 2, padding: 1 });
    this.layer1 = stage(0);
    this.layer2 = stage(1);
    this.layer3 = stage(2);
    this.layer4 = stage(3);
    this.fc = new Linear(input, classes, draw);
  }

  /** [N, 3, H, W] to [N, C, H/32, W/32]; C is 512, of ResNet-50 and deeper 2048. */
  override forwardFeatures(x: Tensor): Tensor {
    const y = this.maxpool.forward(relu(this.bn1.forward(this.conv1.forward(x))));
    return [this.layer1, this.layer2, this.layer3, this.layer4].reduce((input, stage) => stage.forward(input), y);
  }

  override forwardHead(features: Tensor, { preLogits = false }: HeadOptions = {}): Tensor {
    const pooled = flatten(globalAvgPool2d(features), 1);
    return preLogits ? pooled : this.fc.forward(pooled);
  }

  override getClassifier(): Linear {
    return this.fc;
  }

  override resetClassifier(classes: number, options: Draw = {}): void {
    this.fc = new Linear(this.fc.weight.shape[1] as number, classes, options);
  }

  /** The stem, each block, and the head are layers. */
  protected override depthOf(name: string): readonly number[] {
    const [part = "", block] = name.split(".");
    if (part === "fc") return [Number.POSITIVE_INFINITY];
    return part.startsWith("layer") ? [Number(part.slice(5)), Number(block)] : [0];
  }
}

/**
 * ResNet-18: 11.7 million parameters.
 *
 * @example
 * ```ts
 * import { resnet18 } from "@graftjs/models";
 * import { skipInit } from "@graftjs/nn";
 *
 * const net = skipInit(() => resnet18()); // skipInit: no weights are drawn
 * console.log(net.parameters().reduce((total, { size }) => total + size, 0)); // 11689512
 * console.log(net.getClassifier().weight.shape[1]); // 512
 * ```
 */
export function resnet18(options: ClassifierOptions = {}): ResNet {
  return new ResNet({ Block: BasicBlock, depths: [2, 2, 2, 2] }, options);
}

/**
 * ResNet-34: 21.8 million parameters.
 *
 * @example
 * ```ts
 * import { resnet34 } from "@graftjs/models";
 * import { skipInit } from "@graftjs/nn";
 *
 * const net = skipInit(() => resnet34()); // skipInit: no weights are drawn
 * console.log(net.parameters().reduce((total, { size }) => total + size, 0)); // 21797672
 * console.log(net.getClassifier().weight.shape[1]); // 512
 * ```
 */
export function resnet34(options: ClassifierOptions = {}): ResNet {
  return new ResNet({ Block: BasicBlock, depths: [3, 4, 6, 3] }, options);
}

/**
 * ResNet-50: 25.6 million parameters.
 *
 * @example
 * ```ts
 * import { resnet50 } from "@graftjs/models";
 * import { skipInit } from "@graftjs/nn";
 *
 * const net = skipInit(() => resnet50()); // skipInit: no weights are drawn
 * console.log(net.parameters().reduce((total, { size }) => total + size, 0)); // 25557032
 * console.log(net.getClassifier().weight.shape[1]); // 2048
 * ```
 */
export function resnet50(options: ClassifierOptions = {}): ResNet {
  return new ResNet({ Block: Bottleneck, depths: [3, 4, 6, 3] }, options);
}

/**
 * ResNet-101: 44.5 million parameters.
 *
 * @example
 * ```ts
 * import { resnet101 } from "@graftjs/models";
 * import { skipInit } from "@graftjs/nn";
 *
 * const net = skipInit(() => resnet101()); // skipInit: no weights are drawn
 * console.log(net.parameters().reduce((total, { size }) => total + size, 0)); // 44549160
 * console.log(net.getClassifier().weight.shape[1]); // 2048
 * ```
 */
export function resnet101(options: ClassifierOptions = {}): ResNet {
  return new ResNet({ Block: Bottleneck, depths: [3, 4, 23, 3] }, options);
}

/**
 * ResNet-152: 60.2 million parameters.
 *
 * @example
 * ```ts
 * import { resnet152 } from "@graftjs/models";
 * import { skipInit } from "@graftjs/nn";
 *
 * const net = skipInit(() => resnet152()); // skipInit: no weights are drawn
 * console.log(net.parameters().reduce((total, { size }) => total + size, 0)); // 60192808
 * console.log(net.getClassifier().weight.shape[1]); // 2048
 * ```
 */
export function resnet152(options: ClassifierOptions = {}): ResNet {
  return new ResNet({ Block: Bottleneck, depths: [3, 8, 36, 3] }, options);
}
