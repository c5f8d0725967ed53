import {
  AdaptiveAvgPool2d,
  BatchNorm2d,
  Conv2d,
  ConvTranspose2d,
  Dropout,
  elu,
  GroupNorm,
  hardsigmoid,
  hardswish,
  InstanceNorm2d,
  Linear,
  leakyRelu,
  MaxPool2d,
  Module,
  PReLU,
  Sequential,
  silu,
} from "@graftjs/nn";
import {
  add,
  avgPool2d,
  concat,
  flatten,
  globalAvgPool2d,
  interpolate,
  maxPool2d,
  mean,
  mul,
  relu,
  relu6,
  type Tensor,
  tanh,
} from "@graftjs/tensor";

class Block extends Module {
  readonly conv1: Conv2d;
  readonly bn1: BatchNorm2d;
  readonly conv2: Conv2d;
  readonly bn2: BatchNorm2d;
  readonly down: Sequential | null;

  constructor(input: number, output: number, stride: number) {
    super();
    this.conv1 = new Conv2d(input, output, 3, { stride, padding: 1, bias: false });
    this.bn1 = new BatchNorm2d(output);
    this.conv2 = new Conv2d(output, output, 3, { padding: 1, bias: false });
    this.bn2 = new BatchNorm2d(output);
    const changes = stride !== 1 || input !== output;
    this.down = changes
      ? new Sequential(new Conv2d(input, output, 1, { stride, bias: false }), new BatchNorm2d(output))
      : null;
  }

  forward(x: Tensor): Tensor {
    const y = relu(this.bn1.forward(this.conv1.forward(x)));
    return relu(add(this.bn2.forward(this.conv2.forward(y)), this.down ? this.down.forward(x) : x));
  }
}

/** Two residual blocks: BatchNorm, a strided shortcut, overlapping max-pooling. */
export class TinyResNet extends Module {
  readonly conv1: Conv2d = new Conv2d(3, 8, 3, { padding: 1, bias: false });
  readonly bn1: BatchNorm2d = new BatchNorm2d(8);
  readonly maxpool: MaxPool2d = new MaxPool2d(3, { stride: 2, padding: 1 });
  readonly layer1: Block = new Block(8, 8, 1);
  readonly layer2: Block = new Block(8, 16, 2);
  readonly avgpool: AdaptiveAvgPool2d = new AdaptiveAvgPool2d(1);
  readonly fc: Linear = new Linear(16, 5);

  forward(x: Tensor): Tensor {
    let y = this.maxpool.forward(relu(this.bn1.forward(this.conv1.forward(x))));
    y = this.layer2.forward(this.layer1.forward(y));
    return this.fc.forward(flatten(this.avgpool.forward(y), 1));
  }
}

/** Dilated depthwise and grouped convolutions, squeeze and excitation, hard-swish, ReLU6. */
export class TinyMobile extends Module {
  readonly stem: Conv2d = new Conv2d(3, 8, 3, { stride: 2, padding: 1, bias: false });
  readonly bn0: BatchNorm2d = new BatchNorm2d(8);
  readonly expand: Conv2d = new Conv2d(8, 24, 1, { bias: false });
  readonly bn1: BatchNorm2d = new BatchNorm2d(24);
  readonly dw: Conv2d = new Conv2d(24, 24, 5, { padding: 4, dilation: 2, groups: 24, bias: false });
  readonly bn2: BatchNorm2d = new BatchNorm2d(24, { eps: 1e-3, momentum: 0.01 });
  readonly se1: Conv2d = new Conv2d(24, 8, 1);
  readonly se2: Conv2d = new Conv2d(8, 24, 1);
  readonly project: Conv2d = new Conv2d(24, 8, 1, { bias: false });
  readonly bn3: BatchNorm2d = new BatchNorm2d(8);
  readonly grp: Conv2d = new Conv2d(8, 16, 3, { stride: 2, padding: 1, groups: 4 });
  readonly drop: Dropout = new Dropout(0);
  readonly fc: Linear = new Linear(16, 6);

  forward(input: Tensor): Tensor {
    const x = hardswish(this.bn0.forward(this.stem.forward(input)));
    let y = hardswish(this.bn1.forward(this.expand.forward(x)));
    y = hardswish(this.bn2.forward(this.dw.forward(y)));
    const squeezed = relu(this.se1.forward(globalAvgPool2d(y)));
    const excited = mul(y, hardsigmoid(this.se2.forward(squeezed)));
    const z = relu6(this.grp.forward(add(x, this.bn3.forward(this.project.forward(excited)))));
    return this.fc.forward(this.drop.forward(mean(z, { axes: [2, 3] })));
  }
}

/** Group and instance normalisation, a transposed convolution, bilinear resampling, a skip by concatenation, PReLU. */
export class TinyUNet extends Module {
  readonly c1: Conv2d = new Conv2d(2, 6, 3, { padding: 1 });
  readonly gn: GroupNorm = new GroupNorm(2, 6);
  readonly c2: Conv2d = new Conv2d(6, 8, 3, { padding: 1 });
  readonly inn: InstanceNorm2d = new InstanceNorm2d(8, { affine: true });
  readonly mid: Conv2d = new Conv2d(8, 8, 3, { padding: 1 });
  readonly up: ConvTranspose2d = new ConvTranspose2d(8, 6, 3, { stride: 2, padding: 1, outputPadding: 1 });
  readonly prelu: PReLU = new PReLU(6);
  readonly c3: Conv2d = new Conv2d(12, 6, 3, { padding: 1 });
  readonly out: Conv2d = new Conv2d(6, 3, 1);

  forward(x: Tensor): Tensor {
    const a = leakyRelu(this.gn.forward(this.c1.forward(x)), 0.1);
    const b = silu(this.inn.forward(this.c2.forward(avgPool2d(a, 2))));
    const small = elu(this.mid.forward(maxPool2d(b, 2)));
    const m = interpolate(small, { scaleFactor: 2, mode: "bilinear" });
    const y = this.prelu.forward(this.up.forward(add(m, b)));
    return this.out.forward(tanh(this.c3.forward(concat([y, a], 1))));
  }
}
