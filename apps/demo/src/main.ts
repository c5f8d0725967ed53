/**
 * The main job on the demo's own material: a backbone that knows several hundred characters learns an alphabet that it
 * has never seen, from 20 examples a letter; beside it two ways to do without the backbone.
 */
import { mkdir, rename, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { DataLoader, fromMetadata, toMetadata } from "@graftjs/data";
import { accuracy } from "@graftjs/metrics";
import { exportModel, importModel } from "@graftjs/onnx";
import { load, save } from "@graftjs/onnx/node";
import { evaluate, fineTune, MemoryStore } from "@graftjs/recipes";
import { Generator } from "@graftjs/tensor";
import { type WasmDevice, wasm } from "@graftjs/wasm";
import { classifierTraining } from "./classifierTraining.ts";
import { contactSheet, imagePng } from "./contactSheet.ts";
import { GlyphNet } from "./glyphNet.ts";
import { nearestCentroid } from "./nearestCentroid.ts";
import { glyphPreprocessing, imageSize } from "./preprocessing.ts";
import { asText, percent, Reporter } from "./report.ts";
import { type TargetAlphabet, targetAlphabet } from "./targetAlphabet.ts";

const backboneFile: URL = new URL("../backbone/backbone.onnx", import.meta.url);
const outputFolder: string = fileURLToPath(new URL("../../../demo-output/", import.meta.url));
/** Passes over the training images, from scratch and when fine-tuning alike. */
const epochs = 12;
const batchSize = 32;

const report = new Reporter();
const started = Date.now();
const device = await wasm();
const alphabet = targetAlphabet();
introduce(alphabet);

const rawPixels = accuracy(
  alphabet.heldOut.labels,
  nearestCentroid(alphabet.train, alphabet.heldOut, alphabet.letters.length),
);
report.line(`\n1. Nearest centroid on raw pixels: ${percent(rawPixels)} of the held-out images`);

report.line("\n2. The same network from scratch");
const scratch = await fromScratch(alphabet, device);

report.line("\n3. Transfer");
const { heldOut, bytes } = await transfer(alphabet, device);

await mkdir(outputFolder, { recursive: true });
await save(`${outputFolder}model.onnx`, bytes);
const metrics = { rawPixels, scratch, transfer: heldOut.accuracy };
await writeWhole("metrics.json", `${JSON.stringify(metrics, null, 2)}\n`);
await writeWhole(
  "predictions.png",
  await contactSheet({ ...alphabet.heldOut, predictions: heldOut.predictions, outlines: alphabet.outlines }),
);
await writeSamples(alphabet);
device.close();

report.line(`\nAccuracy on ${alphabet.heldOut.labels.length} held-out images`);
const rows: [string, number][] = [
  ["raw pixels", rawPixels],
  ["from scratch", scratch],
  ["transfer", heldOut.accuracy],
];
for (const [name, share] of rows) {
  report.line(`  ${name.padEnd(12)}  ${percent(share).padStart(6)}  ${"█".repeat(Math.round(40 * share))}`);
}
report.line(`\nWritten in ${Math.round((Date.now() - started) / 1000)} s to ${outputFolder}`);
report.line("  model.onnx       the fine-tuned network; preprocessing and letters are in its metadata");
report.line("  metrics.json     the three accuracies");
report.line("  predictions.png  held-out images with what the network takes them for");
report.line("  letters/         a held-out image of each letter, to try the network on:\n");
report.line("npm run -s graft -- predict --model demo-output/model.onnx demo-output/letters/*.png");

function introduce({ name, letters, train, validation, heldOut }: TargetAlphabet): void {
  const count = (n: number) => String(n).padStart(4);
  report.line(`Graft on ${device.name}: learn the ${name} alphabet from ${train.perClass} examples a letter.\n`);
  report.line(`  ${letters.length} letters: ${letters.join(" ")}`);
  report.line(`  training   ${count(train.labels.length)} images, typefaces ${train.faces.join(", ")}`);
  report.line(`  validation ${count(validation.labels.length)} images, the same typefaces`);
  report.line(`  held out   ${count(heldOut.labels.length)} images, typefaces ${heldOut.faces.join(", ")}\n`);
  const pixels = imageSize ** 2;
  const samples = [0, 5, 12, 20, 25].map((letter) => {
    const index = letter * train.perClass;
    return asText(train.images.subarray(index * pixels, (index + 1) * pixels), imageSize, 16);
  });
  samples[0]!.forEach((_, row) => {
    report.line(`  ${samples.map((lines) => lines[row]).join("  ")}`);
  });
}

/** Trains all of a fresh network on the training images. */
async function fromScratch({ letters, train, heldOut }: TargetAlphabet, device: WasmDevice): Promise<number> {
  const net = new GlyphNet(letters.length, new Generator(0));
  const count = net.parameters().reduce((n, p) => n + p.size, 0);
  report.line(`  ${count.toLocaleString("en")} parameters trained, none frozen`);
  const loader = new DataLoader(train.dataset, { batchSize, shuffle: true, seed: 0 });
  const update = classifierTraining(net, { device, steps: epochs * loader.length, learningRate: 3e-3 });
  for (let epoch = 1; epoch <= epochs; epoch++) {
    const sum = { loss: 0, accuracy: 0 };
    for await (const { inputs, labels } of loader) {
      const { loss, accuracy } = await update(inputs, labels);
      sum.loss += (loss * labels.size) / train.labels.length;
      sum.accuracy += (accuracy * labels.size) / train.labels.length;
    }
    report.epoch(epoch, epochs, sum.loss, `training accuracy ${percent(sum.accuracy)}`);
  }
  net.eval();
  const { accuracy } = await evaluate(net, heldOut.dataset, letters, { device });
  report.line(`  ${percent(accuracy)} of the held-out images`);
  return accuracy;
}

/** Grafts a new head on the backbone, trains, writes ONNX, and scores what was written. */
async function transfer({ letters, train, validation, heldOut }: TargetAlphabet, device: WasmDevice) {
  const model = await load(backboneFile);
  const known = fromMetadata(model.model.metadata).labels;
  report.line(
    `  backbone.onnx tells ${known.length} characters apart, none of them of this alphabet: ${sample(known)}`,
  );
  report.line(`  new head on its ${model.cutPoint.features} features; first the head alone, then everything together`);
  const job = { model, train: train.dataset, val: validation.dataset, classes: letters, device };
  const options = fineTune.schema.parse({ epochs, batchSize, learningRate: 3e-3, backboneLearningRate: 3e-4 });
  const events = fineTune.run({ ...job, store: new MemoryStore(), fingerprint: "demo" }, options);
  let next = await events.next();
  for (; !next.done; next = await events.next()) {
    const event = next.value;
    // The recipe has compared what was frozen, and would have thrown.
    if (event.type === "start" && event.phase === "fine-tune")
      report.line("  the frozen backbone is bit for bit as it was");
    report.event(event);
  }

  const metadata = toMetadata({ preprocessing: glyphPreprocessing, labels: letters });
  const { bytes, maxAbsError } = await exportModel(model, { metadata, device });
  report.line(`  exported as ONNX; the file and the trained network differ by at most ${maxAbsError}`);
  const written = importModel(bytes).eval();
  const scores = await evaluate(written, heldOut.dataset, letters, { device });
  report.line(`  ${percent(scores.accuracy)} of the held-out images`);
  return { heldOut: scores, bytes };
}

/** Some of the characters, spread over all. */
function sample(characters: readonly string[]): string {
  return Array.from({ length: 24 }, (_, i) => characters[Math.floor((i * characters.length) / 24)]).join(" ");
}

async function writeSamples({ letters, heldOut: { images, perClass } }: TargetAlphabet): Promise<void> {
  await mkdir(`${outputFolder}letters`, { recursive: true });
  const pixels = imageSize ** 2;
  for (const label of letters.keys()) {
    const first = label * perClass * pixels;
    const number = String(label + 1).padStart(2, "0");
    await writeWhole(`letters/${number}.png`, await imagePng(images.subarray(first, first + pixels), imageSize));
  }
}

async function writeWhole(name: string, content: string | Uint8Array): Promise<void> {
  const temporary = `${outputFolder}${name}.tmp`;
  await writeFile(temporary, content);
  await rename(temporary, outputFolder + name);
}
