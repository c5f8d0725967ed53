import type { GlyphImages } from "./glyphs/glyphImages.ts";

/**
 * The class whose mean training image is nearest, by the sum of squared differences of pixels.
 * @returns a label for each image of `test`.
 */
export function nearestCentroid(train: GlyphImages, test: GlyphImages, classes: number): Int32Array {
  const pixels = train.images.length / train.labels.length;
  const centroids = Array.from({ length: classes }, () => new Float64Array(pixels));
  const counts = new Int32Array(classes);
  for (const label of train.labels) counts[label]!++;
  train.images.forEach((value, i) => {
    const label = train.labels[Math.floor(i / pixels)]!;
    centroids[label]![i % pixels]! += value / counts[label]!;
  });
  return test.labels.map((_, i) => {
    const image = test.images.subarray(i * pixels, (i + 1) * pixels);
    const distances = centroids.map((centroid) => squaredDistance(image, centroid));
    return distances.indexOf(Math.min(...distances));
  });
}

function squaredDistance(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i]! - b[i]!) ** 2;
  return sum;
}
