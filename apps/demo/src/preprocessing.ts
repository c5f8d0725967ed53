import { type Preprocessing, parsePreprocessing } from "@graftjs/data";

/** Pixels a side. */
export const imageSize = 32;

/** What the glyph networks take: one plane of 32 × 32, from -1 to 1. */
export const glyphPreprocessing: Preprocessing = parsePreprocessing({
  version: 1,
  size: { height: imageSize, width: imageSize },
  resize: { exact: { height: imageSize, width: imageSize }, kernel: "bilinear", antialias: true },
  crop: "none",
  channelOrder: "L",
  divisor: 127.5,
  mean: [1],
  std: [1],
  layout: "NCHW",
});
