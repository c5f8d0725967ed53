import { spawn } from "node:child_process";
import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import sharp from "sharp";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const main = fileURLToPath(new URL("./main.ts", import.meta.url));
const fixture = (name: string): string => fileURLToPath(new URL(`../../../fixtures/onnx/${name}`, import.meta.url));
const model = fixture("mobilenet.onnx");

let folder: string;
let data: string;

interface Result {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the command as a shell does; `onText` sees standard error as it comes, and may kill. */
function graft(args: readonly string[], onText = (_: string, __: () => void): void => {}): Promise<Result> {
  const child = spawn(process.execPath, ["--conditions=@graftjs/source", main, ...args], { stdio: "pipe" });
  let [stdout, stderr] = ["", ""];
  child.stdout.on("data", (text) => {
    stdout += text;
  });
  child.stderr.on("data", (text) => {
    stderr += text;
    onText(stderr, () => child.kill("SIGINT"));
  });
  return new Promise((resolve) => child.on("close", (code) => resolve({ code, stdout, stderr })));
}

const lastJson = (text: string): never => JSON.parse(text.trim().split("\n").at(-1) as string) as never;
const out = (name: string): string => join(folder, name);
const train = (name: string, ...more: string[]): string[] => [
  ...["train", "--model", model, "--data", data, "--out", out(name), "--preprocess", "unit", "--threads", "1"],
  ...more,
];

/** Photos of two kinds: reddish and bluish, with noise. */
async function writeImages(root: string, counts: Readonly<Record<string, number>>): Promise<void> {
  const colours = { red: { r: 190, g: 60, b: 50 }, blue: { r: 40, g: 70, b: 200 } };
  for (const [set, count] of Object.entries(counts)) {
    for (const [label, colour] of Object.entries(colours)) {
      await mkdir(join(root, set, label), { recursive: true });
      for (let i = 0; i < count; i++) {
        const background = { r: colour.r - 3 * i, g: colour.g + 2 * i, b: colour.b - i };
        await sharp({ create: { width: 40 + i, height: 36, channels: 3, background } })
          .jpeg()
          .toFile(join(root, set, label, `${i}.jpg`));
      }
    }
  }
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "graft-cli-"));
  data = join(folder, "data");
  await writeImages(data, { train: 12, val: 6 });
});

afterAll(() => rm(folder, { recursive: true }));

describe("train, evaluate, predict", () => {
  it("trains a probe, and the exported file gives the same numbers", async () => {
    const trained = await graft([...train("probe"), "--epochs", "30", "--seed", "1", "--json"]);
    expect(trained.stderr).toContain("frozen");
    expect(trained.code).toBe(0);
    const summary = lastJson(trained.stdout) as Record<string, never>;
    expect(Object.keys(summary)).toEqual(["train", "val", "export", "frozen", "seconds", "imagesPerSecond"]);
    expect(summary).toMatchObject({ val: { accuracy: 1 }, frozen: { unchanged: true } });
    expect((await readdir(out("probe"))).sort()).toEqual(["checkpoints", "metrics.json", "model.onnx", "run.json"]);
    const run = JSON.parse(await readFile(join(out("probe"), "run.json"), "utf8"));
    expect(run).toMatchObject({ recipe: "linear-probe", options: { epochs: 30, seed: 1 }, labels: ["blue", "red"] });

    const exported = join(out("probe"), "model.onnx");
    const evaluated = await graft(["evaluate", "--model", exported, "--data", data, "--json"]);
    expect(evaluated.code).toBe(0);
    const scores = lastJson(evaluated.stdout) as { confusion: number[][]; perClass: { label: string }[] };
    expect(scores).toMatchObject({
      accuracy: 1,
      macroF1: 1,
      labels: ["blue", "red"],
      confusion: [
        [6, 0],
        [0, 6],
      ],
    });
    expect(scores.perClass[1]).toMatchObject({ label: "red", support: 6, recall: 1 });

    const photo = join(data, "val", "red", "0.jpg");
    const predicted = await graft(["predict", "--model", exported, photo, "--json"]);
    const [prediction] = lastJson(predicted.stdout) as [{ probabilities: Record<string, number> }];
    expect(prediction).toMatchObject({ file: photo, label: "red" });
    expect(Object.values(prediction.probabilities).reduce((a, b) => a + b)).toBeCloseTo(1, 5);
  });

  it("takes features from ONNX Runtime, and says so in run.json", async () => {
    const options = ["--epochs", "20", "--engine", "onnxruntime"];
    expect((await graft([...train("engine"), ...options])).code).toBe(0);
    const run = JSON.parse(await readFile(join(out("engine"), "run.json"), "utf8"));
    expect(run.engine).toMatch(/^onnxruntime-node \d/);
  });

  it("profiles the kernels, and standard output stays JSON", async () => {
    const options = ["--epochs", "2", "--profile", "--json"];
    const { code, stdout, stderr } = await graft([...train("profile"), ...options]);
    expect(code).toBe(0);
    const file = join(out("profile"), "profile.json");
    expect(JSON.parse(stdout)).toMatchObject({ val: {}, profile: file });
    expect(stderr).toMatch(/^ +time +calls .*kernel +shapes$/m);
    expect(stderr).toMatch(/ms in kernels: .*conv2d \d/);
    const { traceEvents } = JSON.parse(await readFile(file, "utf8")) as { traceEvents: { name: string }[] };
    const kernels = new Set(traceEvents.map(({ name }) => name.split(/[ (]/)[0]));
    // Of the features, and of the head's training.
    for (const kernel of ["conv2d", "matmul", "softmaxCrossEntropy"]) expect(kernels).toContain(kernel);

    const other = await graft([...train("profile"), ...options, "--force", "--engine", "onnxruntime"]);
    expect(JSON.parse(other.stdout)).toMatchObject({ profile: file });
    expect(other.stderr).toMatch(/features were computed by onnxruntime-node .* outside of this profile/);
    expect(other.stderr).toContain("matmul");
  });

  it("checkpoints activations, and ends in the same accuracy", async () => {
    const options = ["--recipe", "fine-tune", "--epochs", "1", "--probe-epochs", "20", "--checkpointing", "--json"];
    const { code, stdout } = await graft([...train("checkpointing"), ...options]);
    expect(code).toBe(0);
    expect(lastJson(stdout)).toMatchObject({ val: { accuracy: 1 } });
    const run = JSON.parse(await readFile(join(out("checkpointing"), "run.json"), "utf8"));
    expect(run).toMatchObject({ options: { checkpointing: true } });
  });

  it("splits folders of classes by itself", async () => {
    const flat = out("flat-data");
    await cp(join(data, "train"), flat, { recursive: true });
    const args = train("flat", "--epochs", "1").map((a) => (a === data ? flat : a));
    const { code, stderr } = await graft(args);
    expect(stderr).toContain("20 images to train, 4 to validate");
    expect(code).toBe(0);
  });

  it("inspect says where the head would go", async () => {
    const { code, stdout } = await graft(["inspect", model, "--json"]);
    expect(code).toBe(0);
    expect(lastJson(stdout)).toMatchObject({ unsupported: [], cut: { features: expect.any(Number) } });
    const picture = out("model.svg");
    const { stdout: text } = await graft(["inspect", model, "--svg", picture, "--batch", "4", "--all"]);
    expect(text).toMatch(/for batches of 4:/);
    expect(text).toMatch(/^time +about .* of 1,000 samples on this machine/m);
    expect(text).toMatch(/^weights +name +type +role +what it is$/m);
    expect(await readFile(picture, "utf8")).toMatch(/^<svg .*a new head: \d+ features.*<\/svg>\n$/s);
  });

  it("inspect refuses a batch that is none", async () => {
    expect((await graft(["inspect", model, "--batch", "0"])).code).toBe(2);
  });
});

describe("Ctrl-C and --resume", () => {
  it("leaves a checkpoint, exits with 130, and ends in the same file as a run that was not stopped", async () => {
    const options = [
      "--recipe",
      "fine-tune",
      "--epochs",
      "12",
      "--probe-epochs",
      "3",
      "--batch-size",
      "4",
      "--seed",
      "2",
    ];
    expect((await graft([...train("straight"), ...options])).code).toBe(0);
    // Twice, as npm passes it on: the terminal's own signal, and npm's.
    let presses = 0;
    const stopped = await graft([...train("stopped"), ...options], (text, interrupt) => {
      if (/fine-tune: 12 epochs/.test(text) && presses++ < 2) interrupt();
    });
    expect(stopped.code).toBe(130);
    expect(stopped.stderr).toContain("checkpoint");
    expect(await readdir(out("stopped"))).not.toContain("model.onnx");
    expect((await graft([...train("stopped"), ...options, "--resume"])).code).toBe(0);
    const [a, b] = [
      await readFile(join(out("straight"), "model.onnx")),
      await readFile(join(out("stopped"), "model.onnx")),
    ];
    expect(a.equals(b)).toBe(true);
  });
});

describe("bad input ends with exit code 2 and one message", () => {
  const bad = async (args: readonly string[]): Promise<string> => {
    const { code, stderr, stdout } = await graft(args);
    expect(stderr).not.toMatch(/^\s+at /m);
    expect(stdout).toBe("");
    expect(code).toBe(2);
    return stderr;
  };

  it("names the unknown option, the bad number and the option of another recipe", async () => {
    expect(await bad([...train("x"), "--epoch", "3"])).toContain("--epoch");
    expect(await bad([...train("x"), "--epochs", "-1"])).toContain("--epochs");
    expect(await bad([...train("x"), "--epochs", "many"])).toContain('"many"');
    expect(await bad([...train("x"), "--probe-epochs", "3"])).toContain("linear-probe");
    expect(await bad([...train("x"), "--threads", "0"])).toContain("--threads");
    expect(await bad([...train("x"), "--preprocess", "fancy"])).toContain("fancy");
  });

  it("names the missing, foreign, truncated and quantised model", async () => {
    const with_ = (path: string): string[] => train("x").map((a) => (a === model ? path : a));
    expect(await bad(with_(out("none.onnx")))).toContain("none.onnx");
    await writeFile(out("text.onnx"), "not a model");
    expect(await bad(["inspect", out("text.onnx")])).toContain("not an ONNX");
    const bytes = await readFile(model);
    await writeFile(out("cut.onnx"), bytes.subarray(0, bytes.length >> 1));
    expect(await bad(with_(out("cut.onnx")))).toContain("truncated");
    expect(await bad(with_(fixture("quantised.onnx")))).toMatch(/node/);
    expect(await bad(["evaluate", "--model", model, "--data", data])).toContain("preprocessing");
  });

  it("names what is wrong with the data, and --skip-bad goes on", async () => {
    const damaged = out("damaged");
    await cp(data, damaged, { recursive: true });
    const victim = join(damaged, "train", "red", "3.jpg");
    await writeFile(victim, (await readFile(victim)).subarray(0, 200));
    const args = train("damaged-run", "--epochs", "1").map((a) => (a === data ? damaged : a));
    expect(await bad(args)).toContain("3.jpg");
    const skipped = await graft([...args, "--skip-bad", "--force", "--json"]);
    expect(skipped.code).toBe(0);
    expect(lastJson(skipped.stdout)).toMatchObject({ skipped: 1 });

    await mkdir(out("one/only"), { recursive: true });
    await cp(join(data, "val", "red", "0.jpg"), out("one/only/0.jpg"));
    expect(await bad(train("x").map((a) => (a === data ? out("one") : a)))).toContain("2 classes");
  });

  it("does not overwrite a run unless told to", async () => {
    expect((await graft(train("taken", "--epochs", "1"))).code).toBe(0);
    expect(await bad(train("taken", "--epochs", "1"))).toMatch(/--resume.*--force/);
    expect((await graft(train("taken", "--epochs", "2", "--force"))).code).toBe(0);
  });
});
