import { ArgumentError, ShapeError } from "../errors.ts";
import { formatShape } from "../shape.ts";
import type { Tensor } from "../tensor.ts";
import { permute } from "./permute.ts";
import { reshape } from "./reshape.ts";

/**
 * Channels become pixels: [..., C · r², H, W] to [..., C, H · r, W · r], with
 * y[c, h·r + i, w·r + j] = x[(c·r + i)·r + j, h, w].
 * @throws {ShapeError} if there are fewer than three axes, or the channels are no multiple of r².
 * @throws {ArgumentError} unless r is an integer >= 1.
 * Source: Shi et al. 2016, https://arxiv.org/abs/1609.05158;
 * https://pytorch.org/docs/stable/generated/torch.nn.functional.pixel_shuffle.html
 *
 * @example
 * ```ts
 * import { pixelShuffle, tensor } from "@graftjs/tensor";
 *
 * console.log(pixelShuffle(tensor([[[1]], [[2]], [[3]], [[4]]]), 2).toNested()); // [[[1, 2], [3, 4]]]
 * ```
 */
export function pixelShuffle(x: Tensor, upscaleFactor: number): Tensor {
  const r = checkedFactor("pixelShuffle", upscaleFactor);
  const [channels = 0, height = 0, width = 0] = x.shape.slice(-3);
  if (x.rank < 3 || channels % r ** 2 !== 0) {
    throw new ShapeError({ op: "pixelShuffle", expected: `[..., C · ${r ** 2}, H, W]`, got: formatShape(x.shape) });
  }
  const lead = x.shape.slice(0, -3);
  const [n, c] = [lead.length, channels / r ** 2];
  const split = reshape(x, [...lead, c, r, r, height, width]);
  const order = [...lead.keys(), n, n + 3, n + 1, n + 4, n + 2];
  return reshape(permute(split, order), [...lead, c, height * r, width * r]);
}

/**
 * Pixels become channels, the inverse of `pixelShuffle`: [..., C, H · r, W · r] to [..., C · r², H, W].
 * @throws {ShapeError} if there are fewer than three axes, or height or width are no multiple of r.
 * @throws {ArgumentError} unless r is an integer >= 1.
 * Source: https://pytorch.org/docs/stable/generated/torch.nn.functional.pixel_unshuffle.html
 *
 * @example
 * ```ts
 * import { pixelUnshuffle, tensor } from "@graftjs/tensor";
 *
 * console.log(pixelUnshuffle(tensor([[[1, 2], [3, 4]]]), 2).toNested()); // [[[1]], [[2]], [[3]], [[4]]]
 * ```
 */
export function pixelUnshuffle(x: Tensor, downscaleFactor: number): Tensor {
  const r = checkedFactor("pixelUnshuffle", downscaleFactor);
  const [channels = 0, height = 0, width = 0] = x.shape.slice(-3);
  if (x.rank < 3 || height % r !== 0 || width % r !== 0) {
    throw new ShapeError({ op: "pixelUnshuffle", expected: `[..., C, H · ${r}, W · ${r}]`, got: formatShape(x.shape) });
  }
  const lead = x.shape.slice(0, -3);
  const n = lead.length;
  const split = reshape(x, [...lead, channels, height / r, r, width / r, r]);
  const order = [...lead.keys(), n, n + 2, n + 4, n + 1, n + 3];
  return reshape(permute(split, order), [...lead, channels * r ** 2, height / r, width / r]);
}

/**
 * Channels of different groups become neighbours: channel g · (C / groups) + i of [N, C, ...] moves to i · groups + g.
 * @throws {ShapeError} if there are fewer than two axes, or the channels are no multiple of groups.
 * Source: Zhang et al. 2018, https://arxiv.org/abs/1707.01083;
 * https://pytorch.org/docs/stable/generated/torch.nn.ChannelShuffle.html
 *
 * @example
 * ```ts
 * import { channelShuffle, tensor } from "@graftjs/tensor";
 *
 * console.log(channelShuffle(tensor([[[1], [2], [3], [4]]]), 2).toNested()); // [[[1], [3], [2], [4]]]
 * ```
 */
export function channelShuffle(x: Tensor, groups: number): Tensor {
  const channels = x.shape[1] as number;
  if (x.rank < 2 || !Number.isInteger(channels / groups)) {
    throw new ShapeError({ op: "channelShuffle", expected: `[N, C · ${groups}, ...]`, got: formatShape(x.shape) });
  }
  const rest = x.shape.slice(2);
  const split = reshape(x, [x.shape[0] as number, groups, channels / groups, ...rest]);
  return reshape(permute(split, [0, 2, 1, ...rest.map((_, i) => i + 3)]), x.shape);
}

function checkedFactor(op: string, factor: number): number {
  if (Number.isInteger(factor) && factor >= 1) return factor;
  throw new ArgumentError({ op, expected: "a factor that is an integer >= 1", got: String(factor) });
}
