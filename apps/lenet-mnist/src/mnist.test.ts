import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { loadDigits } from "./mnist.ts";
import { images, labels } from "./syntheticDigits.ts";
import { temporaryFolder } from "./temporaryFolder.ts";

const options = { testFraction: 0.25, seed: 0 };

async function folder(files: Readonly<Record<string, Uint8Array>>): Promise<string> {
  const path = await temporaryFolder();
  for (const [name, bytes] of Object.entries(files)) await writeFile(join(path, name), bytes);
  return path;
}

describe("a folder", () => {
  test("of four files: one pair to train, one to test", async () => {
    const data = await folder({
      "train-images-idx3-ubyte": images(20),
      "train-labels-idx1-ubyte.gz": gzipSync(labels(20)),
      "t10k-images-idx3-ubyte.gz": gzipSync(images(10)),
      "t10k-labels-idx1-ubyte": labels(10),
    });
    const { train, test: tested } = await loadDigits({ data, ...options });
    expect([train.length, tested.length, train.shape]).toEqual([20, 10, [1, 28, 28]]);
  });

  test("of one pair: split class by class", async () => {
    const data = await folder({ "t10k-images-idx3-ubyte": images(40), "t10k-labels-idx1-ubyte": labels(40) });
    const { train, test: tested } = await loadDigits({ data, ...options });
    expect([train.length, tested.length]).toEqual([30, 10]);
    expect(Array.from(tested.labels).sort()).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  });

  test("without such files says what it looked for", async () => {
    const data = await folder({});
    await expect(loadDigits({ data, ...options })).rejects.toThrow(`Found no MNIST files in ${data}`);
  });
});

test("a pair of files, with pixels in [-1, 1]", async () => {
  const data = await folder({ i: images(20), l: labels(20) });
  const { train } = await loadDigits({ images: join(data, "i"), labels: join(data, "l"), ...options });
  const { input } = await train.sample(0, { seed: 0, epoch: 0 });
  expect([Math.min(...input), Math.max(...input)]).toEqual([-1, 1]);
  const missing = loadDigits({ images: join(data, "no"), labels: join(data, "l"), ...options });
  await expect(missing).rejects.toThrow("Could not read");
});
