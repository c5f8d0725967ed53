import { preprocess, sampleShape } from "@graftjs/data";
import { decodeImage } from "@graftjs/data/node";
import { compile, noGrad, softmax, type Tensor, tensor } from "@graftjs/tensor";
import { Command } from "commander";
import { openDevice } from "../device.ts";
import { percent, printJson } from "../output.ts";
import { loadTrained } from "../trained.ts";

interface Options {
  readonly model: string;
  readonly threads?: string;
  readonly json?: boolean;
}

interface Prediction {
  readonly file: string;
  readonly label: string;
  readonly probability: number;
  readonly probabilities: Readonly<Record<string, number>>;
}

export function predictCommand(): Command {
  return new Command("predict")
    .description("Classify images with a trained model.")
    .argument("<images...>", "image files")
    .requiredOption("--model <file>", "an ONNX file that graft train wrote")
    .option("--threads <N>", "threads of the device [number of cores]")
    .option("--json", "print one JSON array")
    .action(run);
}

async function run(files: readonly string[], options: Options): Promise<void> {
  const { model, preprocessing, labels } = await loadTrained(options.model);
  const device = await openDevice(options.threads);
  const predict = compile((x: Tensor) => noGrad(() => softmax(model.forward(x), 1)), { device });
  const results: Prediction[] = [];
  for (const file of files) {
    const input = preprocess(await decodeImage(file), preprocessing);
    const probabilities = [...(await predict(tensor(input, [1, ...sampleShape(preprocessing)])).read())];
    const best = probabilities.indexOf(Math.max(...probabilities));
    results.push({
      file,
      label: labels[best] as string,
      probability: probabilities[best] as number,
      probabilities: Object.fromEntries(labels.map((label, i) => [label, probabilities[i] as number])),
    });
  }
  if (options.json) printJson(results);
  else for (const r of results) process.stdout.write(`${r.file}: ${r.label} (${percent(r.probability)})\n`);
}
