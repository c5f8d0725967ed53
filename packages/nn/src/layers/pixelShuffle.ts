import { pixelShuffle, pixelUnshuffle, type Tensor } from "@graftjs/tensor";
import { Module } from "../module.ts";

/**
 * Channels become pixels: [..., C · r², H, W] to [..., C, H · r, W · r].
 * @throws {ShapeError} if the channels are no multiple of r². @throws {ArgumentError} unless r is an integer >= 1.
 * Source: Shi et al. 2016, https://arxiv.org/abs/1609.05158;
 * https://pytorch.org/docs/stable/generated/torch.nn.PixelShuffle.html
 *
 * @example
 * ```ts
 * import { PixelShuffle } from "@graftjs/nn";
 * import { tensor } from "@graftjs/tensor";
 *
 * console.log(new PixelShuffle(2).forward(tensor([[[1]], [[2]], [[3]], [[4]]])).toNested()); // [[[1, 2], [3, 4]]]
 * ```
 */
export class PixelShuffle extends Module {
  readonly upscaleFactor: number;

  constructor(upscaleFactor: number) {
    super();
    this.upscaleFactor = upscaleFactor;
  }

  forward(x: Tensor): Tensor {
    return pixelShuffle(x, this.upscaleFactor);
  }
}

/**
 * Pixels become channels, the inverse of {@link PixelShuffle}: [..., C, H · r, W · r] to [..., C · r², H, W].
 * @throws {ShapeError} if height or width are no multiple of r. @throws {ArgumentError} unless r is an integer >= 1.
 * Source: https://pytorch.org/docs/stable/generated/torch.nn.PixelUnshuffle.html
 *
 * @example
 * ```ts
 * import { PixelUnshuffle } from "@graftjs/nn";
 * import { tensor } from "@graftjs/tensor";
 *
 * console.log(new PixelUnshuffle(2).forward(tensor([[[1, 2], [3, 4]]])).toNested()); // [[[1]], [[2]], [[3]], [[4]]]
 * ```
 */
export class PixelUnshuffle extends Module {
  readonly downscaleFactor: number;

  constructor(downscaleFactor: number) {
    super();
    this.downscaleFactor = downscaleFactor;
  }

  forward(x: Tensor): Tensor {
    return pixelUnshuffle(x, this.downscaleFactor);
  }
}
