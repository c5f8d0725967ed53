import { crossEntropy, Dropout, DropPath, skipInit } from "@graftjs/nn";
import { AdamW } from "@graftjs/optim";
import { compile, Generator, randomNormal, type Tensor, tensor } from "@graftjs/tensor";
import { wasm } from "@graftjs/wasm";
import { describe, expect, test } from "vitest";
import {
  alexNet,
  bert,
  type Classifier,
  convNeXtTiny,
  distilBert,
  EfficientNet,
  efficientNetB0,
  efficientNetB4,
  mobileNetV2,
  mobileNetV3Small,
  resnet18,
  VisionTransformer,
  vgg11,
  vitTiny,
} from "./index.ts";

const generator = (): Generator => new Generator(11);
const tiny = { vocabularySize: 90, width: 64, depth: 1, heads: 2, intermediate: 96, maxPositions: 10 };

/** Standard deviation, largest magnitude, and whether all are equal. */
function moments(t: Tensor): { readonly std: number; readonly largest: number } {
  const values = t.toArray();
  let [sum, squares, largest] = [0, 0, 0];
  for (const v of values) {
    sum += v;
    squares += v * v;
    largest = Math.max(largest, Math.abs(v));
  }
  return { std: Math.sqrt(squares / values.length - (sum / values.length) ** 2), largest };
}

const normal = (std: number) => ({ std, normal: true });
/** Of U(-bound, bound). */
const within = (bound: number) => ({ std: bound / Math.sqrt(3), normal: false });

describe("initial weights", () => {
  const relu = (fanOut: number) => normal(Math.sqrt(2 / fanOut));
  test.each<[string, () => Classifier<never>, Record<string, ReturnType<typeof normal>>]>([
    [
      "AlexNet",
      () => alexNet({ hiddenFeatures: 64, generator: generator() }),
      { "features.3.weight": within(1 / Math.sqrt(1600)), "classifier.6.weight": within(1 / 8) },
    ],
    [
      "VGG",
      () => vgg11({ hiddenFeatures: 64, generator: generator() }),
      { "features.3.weight": relu(128 * 9), "classifier.0.weight": normal(0.01) },
    ],
    [
      "ResNet",
      () => resnet18({ generator: generator() }),
      { "layer1.0.conv1.weight": relu(64 * 9), "fc.weight": within(1 / Math.sqrt(512)) },
    ],
    [
      "MobileNetV2",
      () => mobileNetV2({ generator: generator() }),
      { "features.2.conv.0.0.weight": relu(96), "classifier.1.weight": normal(0.01) },
    ],
    [
      "MobileNetV3",
      () => mobileNetV3Small({ generator: generator() }),
      { "features.4.block.2.fc1.weight": relu(24), "classifier.3.weight": normal(0.01) },
    ],
    [
      "EfficientNet",
      () => efficientNetB0({ generator: generator() }),
      {
        "features.5.0.block.1.0.weight": relu(480 * 25),
        "classifier.1.weight": within(1 / Math.sqrt(1000)),
      },
    ],
    [
      "ConvNeXt",
      () => convNeXtTiny({ generator: generator() }),
      { "features.1.0.block.0.weight": normal(0.02), "features.1.0.block.3.weight": normal(0.02) },
    ],
    [
      "ViT",
      () => vitTiny({ generator: generator() }),
      {
        pos_embed: normal(0.02),
        cls_token: normal(1e-6),
        "patch_embed.proj.weight": within(1 / Math.sqrt(768)),
        "blocks.0.attn.qkv.weight": normal(0.02),
      },
    ],
    [
      "BERT",
      () => bert({ ...tiny, generator: generator() }),
      {
        "bert.embeddings.word_embeddings.weight": normal(0.02),
        "bert.encoder.layer.0.attention.self.query.weight": normal(0.02),
        "bert.pooler.dense.weight": normal(0.02),
      },
    ],
    [
      "DistilBERT",
      () => distilBert({ ...tiny, generator: generator() }),
      { "distilbert.transformer.layer.0.ffn.lin1.weight": normal(0.02), "pre_classifier.weight": normal(0.02) },
    ],
  ])("of %s are the original's", (name, make, expected) => {
    const net = make();
    const parameters = net.namedParameters();
    for (const [key, { std, normal: unbounded }] of Object.entries(expected)) {
      const found = moments(parameters.get(key) as Tensor);
      // Five standard errors, of a class token's 192 values at worst.
      const tolerance = key === "cls_token" ? 0.25 : 0.05;
      expect.soft(Math.abs(found.std / std - 1), key).toBeLessThan(tolerance);
      if (unbounded) expect.soft(found.largest, key).toBeGreaterThan(2.2 * std);
      else expect.soft(found.largest, key).toBeLessThanOrEqual(std * Math.sqrt(3) * 1.000001);
    }
    if (!["AlexNet", "ResNet", "ViT"].includes(name)) {
      const biases = [...parameters].filter(([key]) => key.endsWith("bias")).map(([, bias]) => moments(bias).largest);
      expect(new Set(biases)).toEqual(new Set([0]));
    }
  });

  test("the padding token's embedding is 0; layer scales are 1e-6; the same seed gives the same", () => {
    const table = bert({ ...tiny, generator: generator() }).bert.embeddings.wordEmbeddings.weight.toArray();
    expect(table.subarray(0, 64).every((v) => v === 0)).toBe(true);
    const scale = skipInit(() => convNeXtTiny())
      .namedParameters()
      .get("features.1.0.layer_scale") as Tensor;
    expect(scale.toArray().every((v) => v === Math.fround(1e-6))).toBe(true);
    const [a, b] = [1, 2].map(() => vitTiny({ generator: generator() }).posEmbed.toArray());
    expect(a).toEqual(b);
  });
});

describe("regularisation", () => {
  const rates = (make: () => Classifier<never>): number[] => {
    return [...skipInit(make).namedModules().values()].filter((m) => m instanceof DropPath).map((m) => m.p);
  };
  const dropouts = (make: () => Classifier<never>): number[] => {
    return [...skipInit(make).namedModules().values()].filter((m) => m instanceof Dropout).map((m) => m.p);
  };

  test("stochastic depth grows as in the originals", () => {
    const b0 = rates(() => efficientNetB0());
    expect([b0.length, b0[0], b0.at(-1)]).toEqual([16, 0, (0.2 * 15) / 16]);
    const tinyNet = rates(() => convNeXtTiny());
    expect([tinyNet.length, tinyNet[0], tinyNet.at(-1)]).toEqual([18, 0, 0.1]);
    const vit = rates(() => vitTiny({ dropPath: 0.22 }));
    expect([vit.length, vit[0], vit[1], vit.at(-1)]).toEqual([12, 0, 0.02, 0.22]);
    expect(Math.max(...rates(() => vitTiny()))).toBe(0);
  });

  test("dropout is the originals'", () => {
    expect(dropouts(() => alexNet({ hiddenFeatures: 8 }))).toEqual([0.5, 0.5]);
    expect(dropouts(() => vgg11({ hiddenFeatures: 8 }))).toEqual([0.5, 0.5]);
    expect(dropouts(() => mobileNetV2())).toEqual([0.2]);
    expect(dropouts(() => mobileNetV3Small())).toEqual([0.2]);
    expect([dropouts(() => efficientNetB0()), dropouts(() => efficientNetB4())]).toEqual([[0.2], [0.4]]);
    expect(new Set(dropouts(() => bert(tiny)))).toEqual(new Set([0.1]));
    expect([...new Set(dropouts(() => distilBert(tiny)))]).toEqual([0.1, 0.2]);
    expect(new Set(dropouts(() => vitTiny()))).toEqual(new Set([0]));
  });
});

describe("training, compiled, with groups of layers and all regularisation", async () => {
  const device = await wasm();
  const labels = tensor(Int32Array.of(0, 1, 2, 0), [4]);
  const pixels = randomNormal([4, 3, 32, 32], new Generator(4));
  const ids = tensor(
    Int32Array.from({ length: 20 }, (_, i) => (i * 13) % 50),
    [4, 5],
  );
  const vit = { imageSize: 32, patchSize: 8, dropout: 0.1, attentionDropout: 0.1, dropPath: 0.1, classes: 3 };

  test.each<[string, () => Classifier, Tensor]>([
    [
      "a vision transformer",
      () => new VisionTransformer({ width: 32, depth: 2, heads: 2 }, { ...vit, generator: generator() }),
      pixels,
    ],
    [
      "an EfficientNet",
      () => new EfficientNet({ width: 0.25, depth: 0.5, dropout: 0.1 }, { classes: 3, generator: generator() }),
      pixels,
    ],
    ["BERT", () => bert({ ...tiny, classes: 3, generator: generator() }) as unknown as Classifier, ids],
    ["DistilBERT", () => distilBert({ ...tiny, classes: 3, generator: generator() }) as unknown as Classifier, ids],
  ])("%s learns by heart, and another run gives the same", (_, make, x) => {
    const losses = [make(), make()].map((net) => {
      const optimizer = new AdamW(net.parameterGroups({ learningRate: 1e-2, layerDecay: 0.9 }));
      const step = compile(
        (input: Tensor) => {
          optimizer.zeroGrad();
          const loss = crossEntropy(net.forward(input), labels);
          loss.backward();
          optimizer.step();
          return loss;
        },
        { device },
      );
      return Array.from({ length: 40 }, () => step(x).item());
    });
    expect(losses[0]).toEqual(losses[1]);
    expect(Math.min(...(losses[0] as number[]))).toBeLessThan(0.4 * (losses[0]?.[0] as number));
  });
});
