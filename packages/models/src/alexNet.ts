import { AdaptiveAvgPool2d, Conv2d, Dropout, Linear, MaxPool2d, ReLU, Sequential } from "@graftjs/nn";
import { flatten, type Tensor } from "@graftjs/tensor";
import { Classifier, type ClassifierOptions, type Draw, type HeadOptions } from "./classifier.ts";
import { beforeLast, lastLayer, withLast } from "./head.ts";

/** Options of {@link AlexNet} and {@link alexNet}. */
export interface AlexNetOptions extends ClassifierOptions {
  /** Probability of dropout before each of the two hidden layers of the head. Default 0.5. */
  readonly dropout?: number;
  /** Size of the two hidden layers of the head. Default 4096. */
  readonly hiddenFeatures?: number;
}

/**
 * AlexNet (the one-tower variant): [N, 3, H, W], H and W at least 63 (normally 224), to logits [N, classes], by default
 * 1000; 61.1 million parameters. Parameters have torchvision's names and PyTorch's initial distributions.
 * Source: Krizhevsky 2014, https://arxiv.org/abs/1404.5997; https://pytorch.org/vision/stable/models/alexnet.html
 *
 * @example
 * ```ts
 * import { AlexNet } from "@graftjs/models";
 * import { skipInit, summary } from "@graftjs/nn";
 *
 * const net = skipInit(() => new AlexNet({ classes: 5 }));
 * console.log(summary(net.eval(), [1, 3, 224, 224]).totals.macs); // 710112960
 * ```
 */
export class AlexNet extends Classifier {
  readonly features: Sequential;
  readonly avgpool: AdaptiveAvgPool2d;
  classifier: Sequential;

  constructor(options: AlexNetOptions = {}) {
    super();
    const { classes = 1000, dropout = 0.5, hiddenFeatures = 4096, ...draw } = options;
    const pool = (): MaxPool2d => new MaxPool2d(3, { stride: 2 });
    const wide = { padding: 1, ...draw };
    this.features = new Sequential(
      new Conv2d(3, 64, 11, { stride: 4, padding: 2, ...draw }),
      new ReLU(),
      pool(),
      new Conv2d(64, 192, 5, { padding: 2, ...draw }),
      new ReLU(),
      pool(),
      new Conv2d(192, 384, 3, wide),
      new ReLU(),
      new Conv2d(384, 256, 3, wide),
      new ReLU(),
      new Conv2d(256, 256, 3, wide),
      new ReLU(),
      pool(),
    );
    this.avgpool = new AdaptiveAvgPool2d(6);
    this.classifier = new Sequential(
      new Dropout(dropout, draw),
      new Linear(256 * 6 * 6, hiddenFeatures, draw),
      new ReLU(),
      new Dropout(dropout, draw),
      new Linear(hiddenFeatures, hiddenFeatures, draw),
      new ReLU(),
      new Linear(hiddenFeatures, classes, draw),
    );
  }

  /** [N, 3, H, W] to [N, 256, H', W']; of 224 × 224 it is 6 × 6. */
  override forwardFeatures(x: Tensor): Tensor {
    return this.features.forward(x);
  }

  override forwardHead(features: Tensor, { preLogits = false }: HeadOptions = {}): Tensor {
    const pooled = flatten(this.avgpool.forward(features), 1);
    return (preLogits ? beforeLast(this.classifier) : this.classifier).forward(pooled);
  }

  override getClassifier(): Linear {
    return lastLayer(this.classifier);
  }

  override resetClassifier(classes: number, options: Draw = {}): void {
    const inFeatures = this.getClassifier().weight.shape[1] as number;
    this.classifier = withLast(this.classifier, new Linear(inFeatures, classes, options));
  }

  /** Each convolution and each layer of the head is a layer. */
  protected override depthOf(name: string): readonly number[] {
    const [part, index] = name.split(".");
    return [part === "features" ? 0 : 1, Number(index)];
  }
}

/**
 * {@link AlexNet}.
 *
 * @example
 * ```ts
 * import { alexNet } from "@graftjs/models";
 * import { skipInit } from "@graftjs/nn";
 *
 * const net = skipInit(() => alexNet()); // skipInit: no weights are drawn
 * console.log(net.parameters().reduce((total, { size }) => total + size, 0)); // 61100840
 * console.log(net.getClassifier().weight.shape[1]); // 4096
 * ```
 */
export function alexNet(options: AlexNetOptions = {}): AlexNet {
  return new AlexNet(options);
}
