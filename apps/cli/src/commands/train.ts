import { mkdir, readdir, rm } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { assertInputShape, type Preprocessing, sampleShape, toMetadata } from "@graftjs/data";
import { type ImageFolder, imageFolder } from "@graftjs/data/node";
import { type ExportResult, exportModel, type OnnxModule } from "@graftjs/onnx";
import { load, save } from "@graftjs/onnx/node";
import { type ExecutionProvider, type Recipe, type RecipeResult, recipes, StoppedError } from "@graftjs/recipes";
import { FolderStore } from "@graftjs/recipes/node";
import { type Device, tensor } from "@graftjs/tensor";
import { Command, Option } from "commander";
import { openDevice } from "../device.ts";
import { type EngineChoice, engineChoices, openEngine, providers } from "../engine.ts";
import { UsageError } from "../errors.ts";
import { fingerprintOf } from "../fingerprint.ts";
import { InterruptedError, interruptible } from "../interrupt.ts";
import { percent, printJson, say, writeJson, writeText } from "../output.ts";
import { choosePreprocessing } from "../preprocess.ts";
import { ProgressView } from "../progress.ts";
import { recipeFlags, recipeOptions } from "../recipeFlags.ts";
import { version } from "../version.ts";

interface Options extends Readonly<Record<string, unknown>> {
  readonly model: string;
  readonly data: string;
  readonly out: string;
  readonly recipe: string;
  readonly preprocess?: string;
  readonly cut?: string;
  readonly engine: EngineChoice;
  readonly provider?: ExecutionProvider;
  readonly threads?: string;
  readonly workers?: string;
  readonly skipBad?: boolean;
  readonly profile?: boolean;
  readonly resume?: boolean;
  readonly force?: boolean;
  readonly json?: boolean;
}

/** Beside `model.onnx`, where `--profile` asks for it. */
const profileFile = "profile.json";

export function trainCommand(): Command {
  const command = new Command("train")
    .description("Graft a new head onto a pretrained model and train it on images in folders.")
    .requiredOption("--model <file>", "the pretrained ONNX model")
    .requiredOption("--data <folder>", "train/CLASS/* and val/CLASS/*, or CLASS/* (then a fifth is set aside, by seed)")
    .requiredOption("--out <folder>", "where model.onnx, metrics.json, run.json and checkpoints go")
    .addOption(
      new Option("--recipe <name>", recipes.map((r) => `${r.name}: ${r.summary}`).join("; "))
        .choices(recipes.map((r) => r.name))
        .default("linear-probe"),
    );
  for (const option of recipeFlags(recipes)) command.addOption(option);
  return command
    .option("--preprocess <name|file>", "imagenet, unit, signed or a JSON file [what the model says, else imagenet]")
    .option("--cut <tensor>", "the tensor that the new head is put on [found by itself]")
    .addOption(
      new Option(
        "--engine <name>",
        "what computes the frozen backbone's features; auto: onnxruntime where onnxruntime-node is installed",
      )
        .choices(engineChoices)
        .default("graft"),
    )
    .addOption(
      new Option("--provider <name>", "what of the machine onnxruntime uses [cpu; wasm of onnxruntime-web]").choices(
        providers,
      ),
    )
    .option("--threads <N>", "threads of the device [number of cores]")
    .option("--workers <N>", "threads that prepare images [number of cores - 2, at most 4]")
    .option("--skip-bad", "leave out images that cannot be read, and say how many")
    .option("--profile", "tell where the device's time goes, by kernel, and write profile.json, a Chrome trace")
    .option("--resume", "go on from the checkpoint in --out")
    .option("--force", "overwrite what a run left in --out")
    .option("--json", "print one JSON object as the last line of standard output")
    .action(run);
}

async function run(options: Options): Promise<void> {
  const recipe = recipes.find((r) => r.name === options.recipe) as Recipe;
  const hyperparameters = recipeOptions(recipe, options, recipes);
  const workers = workerCount(options.workers);
  const model = await load(options.model);
  if (options.cut !== undefined) model.cut(options.cut);
  const preprocessing = await choosePreprocessing(model, options.preprocess);
  assertInputShape(preprocessing, model.input.shape ?? []);
  const { seed } = hyperparameters as { seed: number };
  const folder = await imageFolder(options.data, { preprocessing, seed });
  await claim(options.out, options);
  const device = await openDevice(options.threads);
  const engine = await openEngine(options.engine, options.provider, model);
  describe(options, model, folder, engine ? `${device.name}; features by ${engine.name}` : device.name);

  const fingerprint = await fingerprintOf(model, preprocessing, folder);
  const record = {
    graft: version(),
    command: "train",
    ...plain(options),
    recipe: recipe.name,
    options: hyperparameters,
  };
  const run = {
    ...record,
    preprocessing,
    cut: model.cutPoint,
    labels: folder.classes,
    images: { train: folder.train.length, val: folder.val.length, split: folder.split },
    fingerprint,
    device: device.name,
    engine: engine?.name ?? `graft ${version()}`,
    node: process.version,
    started: new Date().toISOString(),
  };
  await writeJson(join(options.out, "run.json"), run);

  const { signal, release } = interruptible();
  const view = new ProgressView();
  let result: RecipeResult;
  if (options.profile) device.startProfile();
  try {
    const events = recipe.run(
      {
        model,
        train: folder.train,
        val: folder.val,
        classes: folder.classes,
        device,
        ...(engine && { engine }),
        store: new FolderStore(join(options.out, "checkpoints")),
        fingerprint,
        resume: options.resume ?? false,
        signal,
        workers,
        skipBad: options.skipBad ?? false,
      },
      hyperparameters as never,
    );
    let next = await events.next();
    for (; !next.done; next = await events.next()) view.show(next.value);
    result = next.value;
  } catch (error) {
    if (error instanceof StoppedError) throw new InterruptedError(error.message);
    throw error;
  } finally {
    view.close();
    release();
  }

  const profile = options.profile ? device.stopProfile() : undefined;
  const trace = join(options.out, profileFile);
  if (profile) await writeText(trace, profile.chromeTrace());

  const exported = await exportTrained(model, folder, preprocessing, device);
  const file = join(options.out, "model.onnx");
  await save(file, exported, { model: model.model });
  const summary = summarize(result, exported, file);
  const { perClass, confusion, interval } = result.val;
  await writeJson(join(options.out, "metrics.json"), {
    ...summary,
    val: { ...summary.val, interval, perClass, confusion, labels: folder.classes },
    history: result.history,
  });
  await writeJson(join(options.out, "run.json"), { ...run, finished: new Date().toISOString() });
  tell(result, exported, file);
  if (profile) {
    say(`\n${profile.table()}\n`);
    if (engine) say(`The features were computed by ${engine.name}, outside of this profile.`);
    say(`wrote ${trace}: open it in chrome://tracing or https://ui.perfetto.dev`);
  }
  if (options.json) printJson({ ...summary, ...(profile && { profile: trace }) });
}

/** Decoding has native threads of its own; workers pay where cores are left over. */
function workerCount(text: string | undefined): number {
  if (text === undefined) return Math.min(4, Math.max(0, availableParallelism() - 2));
  const count = Number(text);
  if (!Number.isInteger(count) || count < 0 || count > 64) {
    throw new UsageError(`--workers takes an integer from 0 to 64, got "${text}".`);
  }
  return count;
}

/** Makes the output folder ours. @throws {UsageError} if it holds a run, and neither --resume nor --force was given. */
async function claim(out: string, { resume, force }: Options): Promise<void> {
  await mkdir(out, { recursive: true });
  const entries = await readdir(out);
  const ours = ["model.onnx", "metrics.json", "run.json", profileFile, "checkpoints"].filter((f) =>
    entries.includes(f),
  );
  if (ours.length === 0 || resume) return;
  if (!force) {
    throw new UsageError(
      `${out} already holds a run (${ours.join(", ")}). Choose another folder, go on with --resume, or overwrite with --force.`,
    );
  }
  for (const name of ours) await rm(join(out, name), { recursive: true });
}

function describe(options: Options, model: OnnxModule, folder: ImageFolder, device: string): void {
  const { tensor, features } = model.cutPoint;
  say(`model    ${options.model}: new head at ${tensor}, ${features} features`);
  say(
    `data     ${folder.classes.length} classes (${folder.classes.slice(0, 8).join(", ")}${folder.classes.length > 8 ? ", …" : ""}), ${folder.train.length} images to train, ${folder.val.length} to validate`,
  );
  say(`device   ${device}`);
}

async function exportTrained(
  model: OnnxModule,
  folder: ImageFolder,
  preprocessing: Preprocessing,
  device: Device,
): Promise<ExportResult> {
  const { input } = await folder.val.sample(0, { seed: 0, epoch: 0 });
  return exportModel(model, {
    metadata: toMetadata({ preprocessing, labels: folder.classes }),
    samples: [tensor(input, [1, ...sampleShape(preprocessing)])],
    device,
  });
}

function summarize(result: RecipeResult, exported: ExportResult, file: string) {
  const { accuracy, loss, macroF1 } = result.val;
  return {
    train: result.train,
    val: { loss, accuracy, macroF1 },
    export: { file, maxAbsError: exported.maxAbsError },
    frozen: result.frozen,
    seconds: result.seconds,
    imagesPerSecond: result.images / result.seconds,
    ...(result.skipped > 0 && { skipped: result.skipped }),
  };
}

function tell(result: RecipeResult, exported: ExportResult, file: string): void {
  const { accuracy, interval, macroF1, loss } = result.val;
  if (result.skipped > 0) say(`${result.skipped} images could not be read and were left out.`);
  say(
    `validation accuracy ${percent(accuracy)} (95 % interval ${percent(interval[0])} to ${percent(interval[1])}), macro F1 ${percent(macroF1)}, loss ${loss.toFixed(4)}`,
  );
  say(`frozen: ${result.frozen.parameters.toLocaleString("en")} parameters, unchanged bit for bit`);
  say(
    `wrote ${file}: differs from the trained network by at most ${exported.maxAbsError.toExponential(1)}; ${result.seconds.toFixed(1)} s`,
  );
}

/** The arguments that a run can be repeated with. */
function plain(options: Options): Record<string, unknown> {
  const { json: _, resume: __, force: ___, ...rest } = options;
  return rest;
}
