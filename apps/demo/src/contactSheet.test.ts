import sharp from "sharp";
import { expect, test } from "vitest";
import { contactSheet } from "./contactSheet.ts";

const square = "M-90 -90L90 -90L90 90L-90 90Z";

/** Two classes, three black images of each; class 1's are taken for class 0. */
async function sheet(predictions: number[]) {
  const images = new Uint8Array(6 * 4);
  const labels = Int32Array.of(0, 0, 0, 1, 1, 1);
  const png = await contactSheet({ images, labels, predictions, outlines: [square, square], columns: 2 });
  const { data, info } = await sharp(png).raw().toBuffer({ resolveWithObject: true });
  const count = (matches: (r: number, g: number, b: number) => boolean) => {
    let n = 0;
    for (let i = 0; i < data.length; i += info.channels) n += Number(matches(data[i]!, data[i + 1]!, data[i + 2]!));
    return n;
  };
  return {
    info,
    red: count((r, g) => r > 180 && g < 80),
    green: count((r, g) => g > 100 && r < 60),
    black: count((r, g, b) => r + g + b === 0),
  };
}

test("right predictions are green, wrong ones red", async () => {
  const right = await sheet([0, 0, 0, 1, 1, 1]);
  expect(right.red).toBe(0);
  expect(right.green).toBeGreaterThan(400);
  const half = await sheet([0, 0, 0, 0, 0, 0]);
  expect(half.red).toBeGreaterThan(200);
  expect(half.green).toBeCloseTo(right.green / 2, -2);
});

test("shows as many images of each class as there are columns", async () => {
  const { info, black } = await sheet([0, 0, 0, 1, 1, 1]);
  // Four tiles of 64 × 64, less their borders.
  expect(black).toBeGreaterThan(4 * 60 * 60);
  expect(black).toBeLessThanOrEqual(4 * 64 * 64);
  expect(info.width).toBeGreaterThan(2 * 3 * 64);
});
