/**
 * Trains the demo's backbone with Graft (maintainers run it; its output is committed):
 *
 *     node --conditions=@graftjs/source apps/demo/scripts/train-backbone.ts [--images-per-class N] [--threads N]
 *
 * It learns to tell apart the source characters, each image drawn anew, and is written to ../backbone/backbone.onnx.
 */
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { DataLoader, TensorDataset, toMetadata } from "@graftjs/data";
import { exportNetwork } from "@graftjs/onnx";
import { save } from "@graftjs/onnx/node";
import { evaluate } from "@graftjs/recipes";
import { Generator } from "@graftjs/tensor";
import { wasm } from "@graftjs/wasm";
import { classifierTraining } from "../src/classifierTraining.ts";
import { GlyphNet } from "../src/glyphNet.ts";
import type { Distortion } from "../src/glyphs/distort.ts";
import { GlyphClasses, handheld } from "../src/glyphs/glyphImages.ts";
import { readGlyphs } from "../src/glyphs/outlines.ts";
import { glyphPreprocessing, imageSize } from "../src/preprocessing.ts";

const { values: flags } = parseArgs({
  options: { "images-per-class": { type: "string", default: "300" }, threads: { type: "string" } },
});
const perClass = Number(flags["images-per-class"]);
/** Stronger than what the target's images undergo, so that the features care for form alone. */
const distortion: Distortion = { ...handheld, rotation: 0.3, shear: 0.35, elastic: 0.06, weight: [-0.008, 0.04] };
/** Images a class that are drawn at once. */
const perRound = 20;
const batchSize = 64;

const classes = new GlyphClasses(readGlyphs("source"));
const dataset = (seed: number, count: number) => {
  const { images, labels } = classes.images({ perClass: count, seed, distortion });
  const shape = [1, imageSize, imageSize];
  return new TensorDataset({ inputs: images, shape, labels, normalization: glyphPreprocessing });
};

const device = await wasm(flags.threads ? { threads: Number(flags.threads) } : {});
const net = new GlyphNet(classes.labels.length, new Generator(1));
const rounds = Math.ceil(perClass / perRound);
const batches = Math.floor((classes.labels.length * perRound) / batchSize);
console.log(`${classes.labels.length} characters, ${perClass} images of each; ${device.name}`);

const train = classifierTraining(net, { device, steps: rounds * batches, learningRate: 3e-3, labelSmoothing: 0.1 });
const started = Date.now();
for (let round = 0; round < rounds; round++) {
  const loader = new DataLoader(dataset(1000 + round, perRound), {
    batchSize,
    shuffle: true,
    seed: round,
    dropLast: true,
  });
  const sum = { loss: 0, accuracy: 0 };
  for await (const { inputs, labels } of loader) {
    const { loss, accuracy } = await train(inputs, labels);
    sum.loss += loss / batches;
    sum.accuracy += accuracy / batches;
  }
  const seconds = Math.round((Date.now() - started) / 1000);
  console.log(`${round + 1}/${rounds}  loss ${sum.loss.toFixed(3)}  accuracy ${sum.accuracy.toFixed(3)}  ${seconds} s`);
}

net.eval();
const { accuracy } = await evaluate(net, dataset(1, 5), classes.labels, { device, batchSize: 64 });
console.log(`accuracy on fresh images: ${accuracy.toFixed(3)}`);
const exported = await exportNetwork(net, {
  inputShape: ["N", 1, imageSize, imageSize],
  inputName: "image",
  name: "glyph-backbone",
  metadata: toMetadata({ preprocessing: glyphPreprocessing, labels: classes.labels }),
  device,
});
const file = fileURLToPath(new URL("../backbone/backbone.onnx", import.meta.url));
await save(file, exported);
console.log(`${file}: ${exported.bytes.length} bytes, largest difference ${exported.maxAbsError}`);
device.close();
