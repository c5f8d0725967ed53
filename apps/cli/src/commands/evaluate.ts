import { stat } from "node:fs/promises";
import { join } from "node:path";
import { imageClasses } from "@graftjs/data/node";
import { type Evaluation, evaluate } from "@graftjs/recipes";
import { Command } from "commander";
import { openDevice } from "../device.ts";
import { percent, printJson, say } from "../output.ts";
import { loadTrained } from "../trained.ts";

interface Options {
  readonly model: string;
  readonly data: string;
  readonly threads?: string;
  readonly skipBad?: boolean;
  readonly json?: boolean;
}

export function evaluateCommand(): Command {
  return new Command("evaluate")
    .description("Measure a trained model on labelled images.")
    .requiredOption("--model <file>", "an ONNX file that graft train wrote")
    .requiredOption("--data <folder>", "CLASS/* images; of a folder with train/ and val/, val/ is taken")
    .option("--threads <N>", "threads of the device [number of cores]")
    .option("--skip-bad", "leave out images that cannot be read, and say how many")
    .option("--json", "print one JSON object")
    .action(run);
}

async function run(options: Options): Promise<void> {
  const { model, preprocessing, labels } = await loadTrained(options.model);
  const validation = join(options.data, "val");
  const isSplit = await stat(validation).then(
    (s) => s.isDirectory(),
    () => false,
  );
  const folder = isSplit ? validation : options.data;
  const dataset = await imageClasses(folder, { preprocessing, classes: labels });
  const device = await openDevice(options.threads);
  const result = await evaluate(model, dataset, labels, { device, skipBad: options.skipBad ?? false });
  const skipped = dataset.length - result.predictions.length;
  if (skipped > 0) say(`${skipped} images could not be read and were left out.`);
  const { accuracy, macroF1, loss, confusion, perClass } = result;
  if (options.json) printJson({ accuracy, macroF1, loss, confusion, labels, perClass });
  else process.stdout.write(`${table(result)}\n`);
}

function table({ accuracy, interval: [low, high], macroF1, loss, perClass, predictions }: Evaluation): string {
  const width = Math.max(5, ...perClass.map((c) => c.label.length));
  const rows = perClass.map(
    (c) =>
      `${c.label.padEnd(width)}  ${percent(c.precision).padStart(9)}  ${percent(c.recall).padStart(8)}  ${percent(c.f1).padStart(8)}  ${String(c.support).padStart(6)}`,
  );
  return [
    `accuracy ${percent(accuracy)} (95 % interval ${percent(low)} to ${percent(high)}), macro F1 ${percent(macroF1)}, loss ${loss.toFixed(4)}, ${predictions.length} images`,
    "",
    `${"class".padEnd(width)}  precision    recall        F1  images`,
    ...rows,
  ].join("\n");
}
