import { parseArgs } from "node:util";
import { Subset } from "@graftjs/data";
import { Generator } from "@graftjs/nn";
import { isGraftError } from "@graftjs/tensor";
import { wasm } from "@graftjs/wasm";
import { UsageError } from "./errors.ts";
import { loadDigits } from "./mnist.ts";
import { Net } from "./net.ts";
import { evaluate, type Mode, train } from "./train.ts";

const usage = `Trains the network of the classic tutorial on MNIST digits, eagerly and compiled.

  --data DIR            folder of the MNIST files (default: downloaded once, and kept)
  --images F --labels F one pair of IDX files, split for testing
  --test-fraction X     share that is for testing where there is one pair only (0.2)
  --mode eager|compiled|both (both)
  --epochs N (2)  --batch-size N (4)  --seed N (0)  --limit N (train on the first N only)
  --report-every N      batches between two lines of running loss (2000)
  --threads N           threads of the WASM device (all cores)`;

const options = {
  data: { type: "string" },
  images: { type: "string" },
  labels: { type: "string" },
  "test-fraction": { type: "string", default: "0.2" },
  mode: { type: "string", default: "both" },
  epochs: { type: "string", default: "2" },
  "batch-size": { type: "string", default: "4" },
  seed: { type: "string", default: "0" },
  limit: { type: "string" },
  "report-every": { type: "string", default: "2000" },
  threads: { type: "string" },
  help: { type: "boolean", default: false },
} as const;

/** Runs the program; returns the exit code. */
async function main(args: string[]): Promise<number> {
  const values = parse(args);
  if (values.help) {
    console.log(usage);
    return 0;
  }
  const number = (flag: keyof typeof values, least = 1): number => {
    const value = Number(values[flag]);
    if (!Number.isInteger(value) || value < least) {
      throw new UsageError(`--${flag}: expected an integer >= ${least}, got ${values[flag]}.`);
    }
    return value;
  };
  const { data, images, labels, mode } = values;
  if ((images === undefined) !== (labels === undefined)) throw new UsageError("Give both --images and --labels.");
  if (!["eager", "compiled", "both"].includes(mode)) {
    throw new UsageError(`--mode: expected eager, compiled or both, got ${mode}.`);
  }
  const testFraction = Number(values["test-fraction"]);
  if (!(testFraction > 0 && testFraction < 1)) {
    throw new UsageError(`--test-fraction: expected a number between 0 and 1, got ${values["test-fraction"]}.`);
  }
  const seed = number("seed", 0);
  const [epochs, batchSize, reportEvery] = [number("epochs"), number("batch-size"), number("report-every")];

  const digits = await loadDigits({ data, images, labels, testFraction, seed });
  const limit = values.limit === undefined ? digits.train.length : Math.min(number("limit"), digits.train.length);
  const trainset = new Subset(
    digits.train,
    Int32Array.from({ length: limit }, (_, i) => i),
  );
  const device = await wasm(values.threads === undefined ? {} : { threads: number("threads") });
  console.log(`${trainset.length} digits to train, ${digits.test.length} to test, on ${device.name}`);

  for (const way of mode === "both" ? (["eager", "compiled"] as const) : [mode as Mode]) {
    console.log(`\n${way}:`);
    const net = new Net(new Generator(seed));
    const start = performance.now();
    const report = (line: string): void => console.log(line);
    await train(net, trainset, { mode: way, device, epochs, batchSize, seed, reportEvery, report });
    console.log(`${((performance.now() - start) / 1000).toFixed(1)} seconds`);

    const { correct, total, classes } = await evaluate(net, digits.test, { mode: way, device });
    const percent = (part: number, whole: number): string => ((100 * part) / whole).toFixed(1);
    console.log(`Accuracy of the network on the ${total} test images: ${percent(correct, total)} %`);
    classes.forEach((c, digit) => {
      if (c.total > 0) console.log(`Accuracy for class ${digit}: ${percent(c.correct, c.total)} %`);
    });
  }
  device.close();
  return 0;
}

function parse(args: string[]): ReturnType<typeof parseArgs<{ options: typeof options }>>["values"] {
  try {
    return parseArgs({ args, options }).values;
  } catch (cause) {
    throw new UsageError(`${(cause as Error).message}\n\n${usage}`);
  }
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  if (!isGraftError(error)) throw error;
  console.error(error.message);
  process.exitCode = 2;
}
