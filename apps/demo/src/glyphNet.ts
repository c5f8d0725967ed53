import { BatchNorm2d, Conv2d, kaimingNormal, Linear, Module } from "@graftjs/nn";
import { add, flatten, type Generator, globalAvgPool2d, relu, type Tensor } from "@graftjs/tensor";

/** Channels of the stem and of the three stages. */
const widths = [16, 32, 64, 128] as const;

/**
 * A small residual network for glyphs: [N, 1, 32, 32] to logits [N, classes]. A stem at full size, and three stages that
 * each halve the size. About 300,000 parameters without the head.
 * Source: "Deep Residual Learning for Image Recognition", He et al. 2015, https://arxiv.org/abs/1512.03385
 */
export class GlyphNet extends Module {
  readonly stem: Convolution;
  readonly stages: ResidualBlock[];
  readonly head: Linear;

  constructor(classes: number, generator: Generator) {
    super();
    const [first, ...rest] = widths;
    this.stem = new Convolution(1, first, 3, 1, generator);
    this.stages = rest.map((width, i) => new ResidualBlock(widths[i] as number, width, generator));
    this.head = new Linear(widths[3], classes, { generator });
  }

  forward(x: Tensor): Tensor {
    const features = this.stages.reduce((y, stage) => stage.forward(y), relu(this.stem.forward(x)));
    return this.head.forward(flatten(globalAvgPool2d(features), 1));
  }
}

/** Two 3×3 convolutions, the first of stride 2, beside a 1×1 convolution of stride 2. */
class ResidualBlock extends Module {
  readonly first: Convolution;
  readonly second: Convolution;
  readonly shortcut: Convolution;

  constructor(input: number, output: number, generator: Generator) {
    super();
    this.first = new Convolution(input, output, 3, 2, generator);
    this.second = new Convolution(output, output, 3, 1, generator);
    this.shortcut = new Convolution(input, output, 1, 2, generator);
  }

  forward(x: Tensor): Tensor {
    const y = this.second.forward(relu(this.first.forward(x)));
    return relu(add(y, this.shortcut.forward(x)));
  }
}

/** A convolution without bias, and batch normalisation. */
class Convolution extends Module {
  readonly conv: Conv2d;
  readonly norm: BatchNorm2d;

  constructor(input: number, output: number, size: 1 | 3, stride: 1 | 2, generator: Generator) {
    super();
    const initialize = (shape: readonly number[]) => kaimingNormal(shape, { mode: "fanOut", generator });
    this.conv = new Conv2d(input, output, size, { stride, padding: (size - 1) / 2, bias: false, initialize });
    this.norm = new BatchNorm2d(output);
  }

  forward(x: Tensor): Tensor {
    return this.norm.forward(this.conv.forward(x));
  }
}
