import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { skipInit } from "@graftjs/nn";
import { compile, Generator, gradients, mul, reshape, sum, type Tensor, tensor } from "@graftjs/tensor";
import { closeTo } from "@graftjs/testing";
import { wasm } from "@graftjs/wasm";
import { describe, expect, test } from "vitest";
import {
  Bert,
  type Classifier,
  createModel,
  DistilBert,
  LeNet,
  loadPretrained,
  type ModelName,
  models,
  writeSafetensors,
} from "./index.ts";

interface Published {
  readonly parameters: number;
  readonly hash: string;
}

interface Measured extends Published {
  readonly gain: number;
  readonly options: Readonly<Record<string, number>>;
  readonly input: readonly number[];
  readonly state: Readonly<Record<string, readonly number[]>>;
  readonly logits: readonly number[];
  readonly step?: number;
  readonly gradient?: readonly number[];
  /** Of each parameter in turn: how often its learning rate is decayed, and whether its weights are. */
  readonly layers?: readonly number[];
  readonly decays?: readonly number[];
}

type Net = Classifier<readonly [x: Tensor, inputs?: object]>;

const file = new URL("../../../fixtures/models/models.json", import.meta.url);
const goldens = JSON.parse(readFileSync(file, "utf8")) as Readonly<Record<string, Published | Measured>>;
const device = await wasm();
const size = (shape: readonly number[]): number => shape.reduce((n, d) => n * d, 1);

/** The numbers that the script of the fixtures makes, in [-0.5, 0.5), changed. */
function formula(shape: readonly number[], j: number, change: (v: number) => number): Tensor {
  const values = new Float32Array(size(shape));
  for (let i = 0; i < values.length; i++) values[i] = change(((i * 1103 + j * 7919) % 2003) / 2003 - 0.5);
  return tensor(values, shape);
}

function weights({ state, gain }: Measured): Record<string, Tensor> {
  const filled = Object.entries(state).map(([name, shape], j) => {
    const scale = gain * Math.sqrt(12 / size(shape.slice(1)));
    const nearOne = /running_var$|weight$/.test(name);
    const change = shape.length > 1 ? (v: number) => v * scale : (v: number) => (nearOne ? 1 : 0) + 0.2 * v;
    return [name, formula(shape, j, change)] as const;
  });
  return Object.fromEntries(filled);
}

function shapes(net: Classifier<never>): Record<string, readonly number[]> {
  return Object.fromEntries(Object.entries(net.stateDict()).map(([name, t]) => [name, t.shape]));
}

/** Options by the names that the script has for them. */
const renamed = {
  hidden: "hiddenFeatures",
  image: "imageSize",
  vocabulary: "vocabularySize",
  d: "width",
  positions: "maxPositions",
} as const;

function make(name: string, given: Measured["options"]): Net {
  const options = Object.entries(given).map(([key, value]) => {
    const text = "vocabulary" in given && key === "hidden" ? "intermediate" : undefined;
    return [text ?? (key in renamed ? renamed[key as keyof typeof renamed] : key), value];
  });
  const net = skipInit(() => createModel(name as ModelName, Object.fromEntries(options) as never));
  return net as unknown as Net;
}

/** The inputs of the encoders for text, as in the script. */
function tokens(shape: readonly number[]): { ids: Tensor; inputs: object } {
  const n = size(shape);
  const int = (value: (i: number) => number): Tensor =>
    tensor(
      Int32Array.from({ length: n }, (_, i) => value(i)),
      shape,
    );
  return {
    ids: int((i) => (i * 7 + 1) % 60),
    inputs: {
      attentionMask: int((i) => (i < 15 ? 1 : 0)),
      tokenTypeIds: int((i) => (i % 3 === 0 ? 1 : 0)),
    },
  };
}

const all = Object.entries(goldens).filter((e): e is [string, Measured] => "state" in e[1]);
const measured = all.filter(([name]) => name in models);

describe.each(measured)("%s", (name, golden) => {
  const net = make(name, golden.options);
  const isText = net instanceof Bert || net instanceof DistilBert;
  const { ids, inputs } = tokens(golden.input);
  const { tokenTypeIds: _, ...masked } = inputs as Record<string, Tensor>;
  const extra = net instanceof Bert ? inputs : net instanceof DistilBert ? masked : undefined;
  const x = isText ? ids : formula(golden.input, 0, (v) => 2 * v);

  test("takes another head; its parameters have the original's names and shapes", () => {
    net.resetClassifier(10, { generator: new Generator(0) });
    expect(shapes(net)).toEqual(golden.state);
  });

  test("gives PyTorch's logits, split into features and head too", () => {
    net.loadStateDict(weights(golden));
    net.eval();
    const run = compile(
      (input: Tensor) => {
        const features = net.forwardFeatures(input, extra);
        const logits = net.forwardHead(features);
        return { logits, inputOfLast: net.forwardHead(features, { preLogits: true }) };
      },
      { device },
    );
    const { logits, inputOfLast } = run(x);
    expect(logits.shape).toEqual([2, 10]);
    // Without normalisation, or with little of it, the rounding of Winograd's convolutions adds up.
    const tolerance = { rtol: 0, scale: name.startsWith("vgg") ? 1e-4 : 2e-5 };
    expect(closeTo(logits.toArray(), golden.logits, tolerance)).toMatchObject({ pass: true });
    const last = compile((input: Tensor) => net.getClassifier().forward(input), { device })(inputOfLast);
    expect(closeTo(last.toArray(), golden.logits, tolerance)).toMatchObject({ pass: true });
  });

  if (!golden.gradient) return;
  test("gives PyTorch's gradients", () => {
    net.freeze();
    const table = net.namedParameters().get(`${name.toLowerCase()}.embeddings.word_embeddings.weight`);
    const run = compile(
      (input: Tensor) => {
        const target = table ?? input;
        target.requiresGrad = true;
        const logits = net.forward(input, extra);
        const [gradient] = gradients(
          sum(
            mul(
              logits,
              formula([2, 10], 1, (v) => v),
            ),
          ),
          [target],
        );
        return gradient as Tensor;
      },
      { device },
    );
    const sampled = run(x)
      .toArray()
      .filter((_value, i) => i % (golden.step as number) === 0);
    const expected = golden.gradient as readonly number[];
    // Gradients through tens of layers, of float32.
    expect(closeTo(sampled, expected, { rtol: 0, scale: 1e-4 })).toMatchObject({ pass: true });
  });
});

describe.each(all.filter(([name]) => !(name in models)))("%s", (title, golden) => {
  const name = title.split(" ")[0] as string;
  const net = make(name, golden.options);
  net.resetClassifier(10);

  test("names weights otherwise; its logits are those of the same weights here", () => {
    const own = shapes(net);
    const theirs = Object.entries(weights(golden)).map(([key, values]) => [net.weightName(key), values] as const);
    expect(theirs.map(([key]) => key).toSorted()).toEqual(Object.keys(own).toSorted());
    net.loadStateDict(Object.fromEntries(theirs.map(([key, values]) => [key, reshape(values, own[key] ?? [])])));
    net.eval();
    const logits = compile((input: Tensor) => net.forward(input), { device })(formula(golden.input, 0, (v) => 2 * v));
    expect(closeTo(logits.toArray(), golden.logits, { rtol: 0, scale: 2e-5 })).toMatchObject({ pass: true });
  });
});

test.each([7, 3])("position embeddings are resized to %d patches a side as timm does", async (side) => {
  const golden = goldens.vitTiny as Measured & { readonly positions: Readonly<Record<number, number[]>> };
  const options = { classes: 10, imageSize: 16 * side };
  const net = skipInit(() => createModel("vitTiny", options));
  const report = await loadPretrained(net, await writeSafetensors(weights(golden)));
  expect(report).toMatchObject({ missing: [], unexpected: [], mismatched: [] });
  const sampled = net.posEmbed.toArray().filter((_value, i) => i % 97 === 0);
  expect(closeTo(sampled, golden.positions[side] ?? [], { rtol: 0, scale: 1e-5 })).toMatchObject({ pass: true });
});

test.each(all.filter(([, { layers }]) => layers))("%s: layers, and weight decay, are timm's", (title, golden) => {
  const net = make(title.split(" ")[0] as string, golden.options);
  const found = new Map<Tensor, object>();
  for (const group of net.parameterGroups({ learningRate: 1, layerDecay: 0.5, weightDecay: 0.1 })) {
    const { learningRate, weightDecay, parameters } = group;
    for (const parameter of parameters) found.set(parameter, { layer: Math.log2(1 / learningRate), weightDecay });
  }
  const parameters = net.namedParameters();
  const names = Object.keys(golden.state).filter((name) => !/running_(mean|var)$/.test(name));
  const ours = names.map((name) => found.get(parameters.get(net.weightName(name)) as Tensor));
  const decays = golden.decays as readonly number[];
  expect(ours).toEqual(golden.layers?.map((layer, i) => ({ layer, weightDecay: decays[i] ? 0.1 : 0 })));
});

describe("the catalog", () => {
  const names = Object.keys(models) as ModelName[];
  const [deit, own] = [names.filter((name) => name.startsWith("deit")), ["leNet"]];

  test("has all networks that PyTorch was asked about", () => {
    const known = names.filter((name) => !deit.includes(name) && !own.includes(name));
    expect(known.toSorted()).toEqual(
      Object.keys(goldens)
        .filter((name) => !name.includes(" "))
        .toSorted(),
    );
  });

  test.each(names)("%s has as many parameters as the published one, under its names", (name) => {
    const net = skipInit(() => createModel(name)) as unknown as Net;
    const { parameters, classes } = models[name];
    expect(net.parameters().reduce((n, p) => n + p.size, 0)).toBe(parameters);
    expect(net.getClassifier().weight.shape[0]).toBe(classes);
    const golden = goldens[name.replace(/^deit/, "vit")];
    if (!golden) return expect(own).toContain(name);
    expect(parameters).toBe(golden.parameters);
    const lines = Object.entries(shapes(net)).map(([key, shape]) => `${key}[${shape.join()}]\n`);
    const hash = createHash("sha256").update(lines.sort().join("")).digest("hex");
    expect(hash.slice(0, 16)).toBe(golden.hash);
  });

  test("is the README's table", () => {
    const readme = readFileSync(new URL("../README.md", import.meta.url), "utf8");
    const rows = [...readme.matchAll(/^\| `(\w+)` \| ([\d,]+) \|.*\| (\d+) \| (?:\[([^\]]+)\].*, (\S+))? *\|$/gm)];
    const listed = rows.map(([, name, count, last, repo, license]) => {
      return [name, Number(count?.replaceAll(",", "")), Number(last), repo, license];
    });
    const known = names.map((name) => {
      const { parameters, weights } = models[name];
      const last = (skipInit(() => createModel(name)) as unknown as Net).getClassifier().weight.shape[1];
      return [name, parameters, last, weights?.repo, weights?.license];
    });
    expect(listed).toEqual(known);
  });

  test("knows what it does not have", () => {
    expect(() => createModel("resnet19" as never)).toThrow(
      expect.objectContaining({ name: "ArgumentError", got: "resnet19" }),
    );
  });
});

test("LeNet takes digits, and another head", () => {
  const net = new LeNet();
  net.resetClassifier(3);
  const x = formula([2, 1, 28, 28], 0, (v) => v);
  expect(net.forward(x).shape).toEqual([2, 3]);
  expect(net.forwardHead(net.forwardFeatures(x), { preLogits: true }).shape).toEqual([2, 84]);
});
