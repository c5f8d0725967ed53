import { TensorDataset } from "@graftjs/data";
import { Linear, Module, type Parameter } from "@graftjs/nn";
import { checkpoint, Generator, referenceDevice, relu, type Tensor } from "@graftjs/tensor";
import { describe, expect, it } from "vitest";
import { CapabilityError, EngineMismatchError, FrozenChangedError, ResumeError, StoppedError } from "./errors.ts";
import { evaluate } from "./evaluation.ts";
import { fineTune } from "./fineTune/fineTune.ts";
import { FrozenWitness } from "./frozen.ts";
import { linearProbe } from "./linearProbe/linearProbe.ts";
import { onDevice } from "./mapDataset.ts";
import type { FeatureEngine, Job, Recipe, RecipeEvent, RecipeResult, TransferModel } from "./recipe.ts";
import { recipes } from "./recipes.ts";
import { MemoryStore, type RunStore } from "./store.ts";

/** A backbone of one layer, made from a seed, so that a second one is the same. */
class TinyNet extends Module implements TransferModel {
  readonly body: Linear = new Linear(4, 16, { generator: new Generator(1) });
  head: Linear = new Linear(16, 2, { generator: new Generator(2) });

  features(x: Tensor): Tensor {
    return relu(this.body.forward(x));
  }
  override forward(x: Tensor): Tensor {
    return this.head.forward(this.features(x));
  }
  replaceHead(classes: number, options: { seed?: number } = {}): Linear {
    this.head = new Linear(16, classes, { generator: new Generator(options.seed ?? 0) });
    return this.head;
  }
  freezeBackbone(): void {
    this.body.freeze();
  }
  unfreezeBackbone(): void {
    this.body.unfreeze();
  }
  backboneParameters(): Map<string, Parameter> {
    return this.body.namedParameters();
  }
}

/** Three noisy clusters; the label is the cluster. */
function clusters(count: number, seed: number): TensorDataset {
  const noise = new Generator(seed).uniform([count, 4]).toArray();
  const labels = Int32Array.from({ length: count }, (_, i) => i % 3);
  const inputs = Float32Array.from(noise, (v, i) => v + 1.2 * Number(i % 4 === (labels[i >> 2] as number)));
  return new TensorDataset({ inputs, shape: [4], labels });
}

function job(overrides: Partial<Job> = {}): Job {
  return {
    model: new TinyNet(),
    train: clusters(45, 10),
    val: clusters(24, 11),
    classes: ["a", "b", "c"],
    device: referenceDevice,
    store: new MemoryStore(),
    fingerprint: "tiny",
    ...overrides,
  };
}

async function run(
  recipe: Recipe,
  theJob: Job,
  options: object,
  onEvent = (_: RecipeEvent): void => {},
): Promise<RecipeResult> {
  const events = recipe.run(theJob, recipe.schema.parse(options));
  for (;;) {
    const { done, value } = await events.next();
    if (done) return value;
    onEvent(value);
  }
}

const probe = linearProbe as unknown as Recipe;
const fine = fineTune as unknown as Recipe;

describe("linear-probe", () => {
  it("learns, leaves the backbone bit for bit as it was, and scores what it exports", async () => {
    const theJob = job();
    const before = theJob.model.backboneParameters().get("weight")?.toArray();
    const result = await run(probe, theJob, { epochs: 40, batchSize: 8, learningRate: 0.02, seed: 3 });
    expect(result.val.accuracy).toBeGreaterThan(0.9);
    expect(theJob.model.backboneParameters().get("weight")?.toArray()).toEqual(before);
    expect(result.frozen).toEqual({ parameters: 4 * 16 + 16, unchanged: true });
    // The head was trained on standardised features; put right, the whole network gives the same.
    const whole = await evaluate(theJob.model, theJob.val, theJob.classes, { device: referenceDevice });
    expect(whole.accuracy).toBe(result.val.accuracy);
    expect(whole.loss).toBeCloseTo(result.val.loss, 5);
    expect(result.val.accuracy).toBe(Math.max(...result.history.map((e) => e.val.accuracy)));
  });

  it("computes features once: a second run on the same store does not read the images", async () => {
    const store = new MemoryStore();
    await run(probe, job({ store }), { epochs: 1 });
    const unreadable = Object.create(clusters(45, 10), {
      sample: { value: () => Promise.reject(new Error("was read again")) },
    }) as TensorDataset;
    await run(probe, job({ store, train: unreadable }), { epochs: 1 });
    await expect(run(probe, job({ store, train: unreadable, fingerprint: "other" }), { epochs: 1 })).rejects.toThrow(
      "was read again",
    );
  });
});

describe("another engine for the features", () => {
  const engine = (factor: number): FeatureEngine => {
    const { model } = job();
    const own = onDevice((x) => model.features(x));
    return { name: `times ${factor}`, features: async (...batch) => (await own(...batch)).map((v) => v * factor) };
  };

  it("is used where it agrees with the model", async () => {
    const ours = await run(probe, job(), { epochs: 5 });
    const theirs = await run(probe, job({ engine: engine(1) }), { epochs: 5 });
    expect(theirs.val.probabilities).toEqual(ours.val.probabilities);
  });

  it("is refused where it does not", async () => {
    await expect(run(probe, job({ engine: engine(1.001) }), { epochs: 1 })).rejects.toThrow(EngineMismatchError);
    await expect(run(probe, job({ engine: engine(Number.NaN) }), { epochs: 1 })).rejects.toThrow(EngineMismatchError);
  });

  it("has a cache of its own", async () => {
    const store = new MemoryStore();
    await run(probe, job({ store }), { epochs: 1 });
    let calls = 0;
    const counted: FeatureEngine = {
      ...engine(1),
      features: (...batch) => {
        calls++;
        return engine(1).features(...batch);
      },
    };
    await run(probe, job({ store, engine: counted }), { epochs: 1 });
    expect(calls).toBeGreaterThan(0);
  });
});

describe("fine-tune", () => {
  it("probes first, moves the backbone afterwards, and is never worse than the probe", async () => {
    const theJob = job();
    const before = theJob.model.backboneParameters().get("weight")?.toArray();
    const events: RecipeEvent[] = [];
    const options = { epochs: 3, probeEpochs: 10, batchSize: 8, learningRate: 0.02, backboneLearningRate: 0.01 };
    const result = await run(fine, theJob, options, (e) => events.push(e));
    expect(events.filter((e) => e.type === "start").map((e) => e.phase)).toEqual(["probe", "fine-tune"]);
    expect(theJob.model.backboneParameters().get("weight")?.toArray()).not.toEqual(before);
    const probed = result.history.filter((e) => e.phase === "probe").map((e) => e.val.accuracy);
    expect(result.val.accuracy).toBeGreaterThanOrEqual(Math.max(...probed));
  });
});

describe("checkpointing", () => {
  class CheckpointedNet extends TinyNet {
    checkpointing = false;
    recomputed = 0;

    override features(x: Tensor): Tensor {
      if (!this.checkpointing) return super.features(x);
      this.recomputed++;
      return checkpoint((input) => super.features(input), x);
    }
  }
  const options = { epochs: 2, probeEpochs: 4, batchSize: 8, learningRate: 0.01, checkpointing: true };
  const weights = (j: Job): unknown => [...j.model.namedParameters()].map(([name, p]) => [name, p.toArray()]);

  it("trains to the same bits, and is over when the run is", async () => {
    const [plain, checkpointed] = [job(), job({ model: new CheckpointedNet() })];
    await run(fine, plain, { ...options, checkpointing: false });
    await run(fine, checkpointed, options);
    expect(weights(checkpointed)).toEqual(weights(plain));
    const { recomputed, checkpointing } = checkpointed.model as CheckpointedNet;
    expect([recomputed > 0, checkpointing]).toEqual([true, false]);
  });

  it("is refused where the network cannot", async () => {
    await expect(run(fine, job(), options)).rejects.toThrow(CapabilityError);
  });
});

describe.each([
  ["linear-probe", probe, { epochs: 6, batchSize: 8, seed: 5 }, 7],
  ["fine-tune, in the probe", fine, { epochs: 2, probeEpochs: 4, batchSize: 8, seed: 5 }, 9],
  [
    "fine-tune, in the second phase",
    fine,
    { epochs: 2, probeEpochs: 4, batchSize: 8, seed: 5, learningRate: 0.01 },
    33,
  ],
])("a stopped and resumed run of %s", (_, recipe, options, stopAt) => {
  it("ends in the same bits as one that was not stopped", async () => {
    const straight = job();
    await run(recipe, straight, options);

    const store: RunStore = new MemoryStore();
    const controller = new AbortController();
    let steps = 0;
    const stopped = run(recipe, job({ store, signal: controller.signal }), options, (event) => {
      if (event.type === "progress" && event.loss !== undefined && ++steps === stopAt) controller.abort();
    });
    await expect(stopped).rejects.toThrow(StoppedError);

    const resumed = job({ store, resume: true });
    const result = await run(recipe, resumed, options);
    const weights = (j: Job): unknown => [...j.model.namedParameters()].map(([name, p]) => [name, p.toArray()]);
    expect(weights(resumed)).toEqual(weights(straight));
    expect(result.history.length).toBe(6);
  });
});

it("a checkpoint of other options is refused", async () => {
  const store = new MemoryStore();
  await run(probe, job({ store }), { epochs: 2 });
  await expect(run(probe, job({ store, resume: true }), { epochs: 3 })).rejects.toThrow(ResumeError);
});

it("a frozen tensor that changed is found, by name", () => {
  const model = new TinyNet();
  model.freezeBackbone();
  const witness = new FrozenWitness(model);
  expect(witness.check().unchanged).toBe(true);
  const bias = model.body.bias as Parameter;
  bias.assign(bias.toArray().map((v) => v + 1e-7));
  expect(() => witness.check()).toThrow(FrozenChangedError);
  expect(() => witness.check()).toThrow("body.bias");
});

it("every recipe's defaults are valid", () => {
  for (const recipe of recipes) expect(recipe.schema.parse({})).toBeTypeOf("object");
});
