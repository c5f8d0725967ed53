import {
  addLora,
  Linear,
  type LoraOptions,
  loadLoraStateDict,
  loraConfig,
  loraStateDict,
  mergeLora,
  ReLU,
  Sequential,
} from "@graftjs/nn";
import { add, compile, Generator, gradients, mean, mul, noGrad, square, type Tensor, tensor } from "@graftjs/tensor";
import { describe, expect, it } from "vitest";
import { fixture, modelBytes, sines } from "../../test/fixtures.ts";
import { int, own, withFunctions } from "../../test/graphs.ts";
import {
  adapted,
  expectClose,
  float32,
  inputOf,
  model,
  node,
  random,
  run,
  stir,
  values,
} from "../../test/loraModels.ts";
import { exportModel } from "../export.ts";
import { importModel, type OnnxModule } from "../module.ts";
import { exportNetwork } from "../network.ts";
import { LoraError } from "./error.ts";

describe("addLora", () => {
  it("freezes the file and trains the rest, in a compiled step", () => {
    const network = importModel(fixture("resnet.onnx"));
    network.replaceHead(3, { seed: 1 });
    const layers = network.addLora({ rank: 2, targets: /conv/, dropout: 0.1, generator: new Generator(1) });
    expect(layers.map(({ name }) => name)).toContain("layer1.0.conv1");
    const trained = [...network.namedParameters()].filter(([, p]) => p.requiresGrad);
    expect(trained.map(([name]) => name).sort()).toEqual(
      [
        ...layers.flatMap(({ name }) => [`${name}.lora_A.weight`, `${name}.lora_B.weight`]),
        "head.bias",
        "head.weight",
      ].sort(),
    );
    const frozen = new Map([...network.frozenState()].map(([name, t]) => [name, values(t)]));
    expect(frozen.size).toBe(network.model.graph.initializers.size - 2);
    network.train();
    const step = compile((x: Tensor): Tensor => {
      const loss = mean(square(network.forward(x)));
      const found = gradients(
        loss,
        trained.map(([, p]) => p),
      ) as Tensor[];
      trained.forEach(([, p], i) => void p.assign(add(p, mul(found[i] as Tensor, -0.05))));
      return loss.detach();
    });
    const x = sines([4, 3, 16, 16]);
    const losses = Array.from({ length: 15 }, () => step(x).item());
    expect(losses.at(-1)).toBeLessThan((losses[0] as number) / 2);
    expect(
      trained.filter(([name]) => name.endsWith("lora_B.weight")).every(([, p]) => values(p).some((b) => b !== 0)),
    ).toBe(true);
    for (const [name, t] of network.frozenState()) expect(values(t), name).toEqual(frozen.get(name));
  });

  it("makes a compiled function be traced anew", () => {
    const network = model("Gemm, transB");
    const fn = compile((x: Tensor) => network.forward(x));
    const x = inputOf(network);
    expect(values(fn(x))).toEqual(run(network));
    adapted(network);
    expectClose(values(fn(x)), run(network));
  });

  it("drops in training mode alone, and not where A and B are frozen", () => {
    const network = adapted(model("MatMul, [in, out]"), { dropout: 1 });
    const [evaluated, plain] = [run(network), run(model("MatMul, [in, out]"))];
    network.train();
    expect(run(network)).toEqual(plain);
    network.freeze(/lora/);
    expect(run(network)).toEqual(evaluated);
  });

  it("follows cuts, heads and freezing up to a value", () => {
    const network = importModel(fixture("resnet.onnx")).eval();
    expect(network.addLora().map(({ name }) => name)).toEqual(["fc"]);
    network.addLora({ targets: ["conv1"] });
    const trained = (): string[] =>
      [...network.namedParameters()].flatMap(([name, p]) => (p.requiresGrad ? [name] : []));
    const convolutions = trained().filter((name) => !name.startsWith("fc."));
    expect(trained()).toHaveLength(convolutions.length + 2);
    network.replaceHead(2);
    expect([...network.backboneParameters().keys()]).toEqual(expect.arrayContaining(convolutions));
    expect(trained()).toEqual([...convolutions, "head.weight", "head.bias"]);
    network.freezeBackbone();
    expect(trained()).toEqual(["head.weight", "head.bias"]);
    network.unfreeze(/lora/);
    expect(trained()).toEqual([...convolutions, "head.weight", "head.bias"]);
  });

  it("takes names of layers from biases or nodes where the exporter made up the weights'", () => {
    const nodes = [
      { ...node("MatMul", ["x", "onnx::MatMul_7"], "a"), name: "/encoder/query/MatMul" },
      node("Add", ["a", "encoder.q.bias"], "b"),
      { ...node("MatMul", ["b", "onnx::MatMul_8"], "c"), name: "/encoder/key/MatMul" },
      node("MatMul", ["c", "onnx::MatMul_9"], "d"),
    ];
    const initializers = [
      float32("onnx::MatMul_7", [3, 3]),
      float32("encoder.q.bias", [3]),
      float32("onnx::MatMul_8", [3, 3], 2),
      float32("onnx::MatMul_9", [3, 3], 3),
    ];
    const names = importModel(modelBytes({ nodes, initializers }))
      .addLora()
      .map(({ name }) => name);
    expect(names).toEqual(["encoder.q", "encoder.key", "onnx::MatMul_9"]);
  });

  it("goes on where a file has updates already", async () => {
    const { bytes } = await exportModel(adapted(model("Gemm, transB")), { lora: "nodes" });
    const network = importModel(bytes).eval();
    const [{ name } = { name: "" }] = network.addLora({ targets: ["fc.weight"] });
    expect(name).toBe("fc_2");
    stir(network);
    const again = await exportModel(network, { lora: "nodes" });
    expectClose(run(importModel(again.bytes).eval()), run(network));
  });

  it.each([
    [{ targets: ["nothing"] }, /named nothing\. Choose targets out of conv1, .*fc/],
    [{ targets: /depthwise|fc/ }, /"depthwise": it is a convolution of 3 groups \(Conv at node "node_d"\)/],
    [{ targets: ["left"] }, /"left": it is on the left of its product/],
    [{ rank: 0.5 }, /rank/],
  ] as const)("refuses %o", (options, problem) => {
    const nodes = [
      node("Conv", ["x", "conv1.weight"], "c"),
      node("Conv", ["c", "depthwise.weight"], "d", int("group", 3)),
      node("MatMul", ["left", "d"], "l"),
      node("MatMul", ["l", "fc.weight"], "y"),
    ];
    const initializers = [
      float32("conv1.weight", [3, 3, 1, 1]),
      float32("depthwise.weight", [3, 1, 1, 1]),
      float32("left", [2, 4]),
      float32("fc.weight", [4, 2]),
    ];
    const network = importModel(modelBytes({ nodes, initializers, inputShape: [1, 3, 4, 4] }));
    expect(() => network.addLora(options as LoraOptions)).toThrow(problem);
    expect(network.parameters().every(({ requiresGrad }) => requiresGrad)).toBe(true);
  });

  it("refuses what is adapted, and networks without linear layers", () => {
    const network = adapted(model("MatMul, [in, out]"));
    expect(() => network.addLora()).toThrow(
      new LoraError("addLora", '"fc" is adapted already', "Choose other targets."),
    );
    expect(() => model("Conv").addLora()).toThrow(/no linear layer .* Choose targets out of fc/);
    const relu = importModel(modelBytes({ nodes: [node("Relu", ["x"], "y")] }));
    expect(() => relu.addLora()).toThrow(/none that can be adapted/);
  });
});

describe("a weight of several nodes", () => {
  const nodes = [
    node("MatMul", ["x", "shared.weight"], "a"),
    node("Relu", ["a"], "b"),
    node("MatMul", ["b", "shared.weight"], "c"),
  ];
  const initializers = [float32("shared.weight", [3, 3])];

  it("is adapted at all of them", async () => {
    const network = adapted(importModel(modelBytes({ nodes, initializers })).eval());
    expect(network.parameters()).toHaveLength(3);
    for (const lora of ["merge", "nodes"] as const) {
      const { bytes } = await exportModel(network, { lora });
      expectClose(run(importModel(bytes).eval()), run(network));
    }
  });

  it("cannot be merged where one is none of a layer; as nodes it goes", async () => {
    const others = [...nodes, node("Add", ["c", "shared.weight"], "d")];
    const network = adapted(importModel(modelBytes({ nodes: others, initializers, inputShape: [3, 3] })).eval());
    await expect(exportModel(network)).rejects.toThrow(LoraError);
    await expect(exportModel(network)).rejects.toThrow(/Add at node "node_d" reads the same weight.*lora: "nodes"/s);
    const { bytes } = await exportModel(network, { lora: "nodes" });
    expectClose(run(importModel(bytes).eval()), run(network));
  });

  it("may be read both ways round, of which one is adapted", async () => {
    const others = [node("Transpose", ["shared.weight"], "t"), node("MatMul", ["c", "t"], "d")];
    const network = adapted(importModel(modelBytes({ nodes: [...nodes, ...others], initializers })).eval());
    await expect(exportModel(network)).rejects.toThrow(/MatMul at node "node_d"/);
    const { bytes } = await exportModel(network, { lora: "nodes" });
    expectClose(run(importModel(bytes).eval()), run(network));
  });

  it("is untied from an embedding when it is merged", async () => {
    const table = float32("embed.weight", [4, 3]) as { floatData: number[] };
    const transposed = { ...table, name: "onnx::MatMul_1", dims: [3, 4] };
    transposed.floatData = Array.from(
      { length: 12 },
      (_, i) => table.floatData[(i % 4) * 3 + Math.floor(i / 4)] as number,
    );
    const tokens = [node("Gather", ["embed.weight", "x"], "e"), node("MatMul", ["e", "onnx::MatMul_1"], "y")];
    const inputs = [{ name: "x", shape: [2], elemType: 7 }];
    const bytes = modelBytes({ nodes: tokens, initializers: [table, transposed], inputs });
    const network = adapted(importModel(bytes).eval());
    const x = tensor(Int32Array.of(3, 1), [2]);
    for (const lora of ["merge", "nodes"] as const) {
      const result = await exportModel(network, { lora });
      expect(result.changed).toEqual(lora === "merge" ? ["onnx::MatMul_1"] : []);
      expectClose(run(importModel(result.bytes).eval(), x), run(network, x));
    }
  });
});

describe("exports", () => {
  it("of untrained updates change no byte", async () => {
    const network = importModel(fixture("resnet.onnx")).eval();
    network.addLora({ targets: /conv|fc/ });
    const { bytes, maxAbsError } = await exportModel(network);
    expect(bytes).toEqual(fixture("resnet.onnx"));
    expect(maxAbsError).toBe(0);
  });

  it.each(["lenet.onnx", "resnet.onnx", "squeezenet.onnx"])("of %s with a new head hold both", async (name) => {
    const network = importModel(fixture(name)).eval();
    network.addLora({ targets: /./, rank: 2, generator: random });
    network.replaceHead(2);
    stir(network);
    const [merged, apart] = [await exportModel(network), await exportModel(network, { lora: "nodes" })];
    expect(apart.changed).toEqual([]);
    expect(merged.added).toEqual(["head.weight", "head.bias"]);
    expectClose(run(importModel(apart.bytes).eval()), run(network));
    expectClose(run(importModel(merged.bytes).eval()), run(network));
    const fresh = importModel(apart.bytes)
      .model.graph.nodes.map(({ name: own }) => own)
      .filter((own) => own !== "");
    expect(new Set(fresh).size).toBe(fresh.length);
  });

  it("narrow updates of half-precision weights, merged or as nodes", async () => {
    const network = adapted(importModel(fixture("half.onnx")).eval());
    for (const lora of ["merge", "nodes"] as const) {
      const { bytes, maxAbsError } = await exportModel(network, { lora });
      expect(maxAbsError).toBeLessThan(2e-2);
      const { graph } = importModel(bytes).model;
      expect(new Set([...graph.initializers.values()].map(({ dtype }) => dtype))).toEqual(new Set(["float16"]));
    }
  });

  it("of a layer inside of a function of the file are merged, and are no nodes", async () => {
    const body = { name: "Layer", inputs: ["a", "w"], outputs: ["b"], nodes: [node("MatMul", ["a", "w"], "b")] };
    const call = { ...node("Layer", ["x", "fc.weight"], "y"), domain: own };
    const opsetImport = [
      { domain: "", version: 17 },
      { domain: own, version: 1 },
    ];
    const plain = modelBytes({ nodes: [call], initializers: [float32("fc.weight", [3, 2])], opsetImport });
    const network = adapted(importModel(withFunctions(plain, [body])).eval());
    expectClose(run(importModel((await exportModel(network)).bytes).eval()), run(network));
    await expect(exportModel(network, { lora: "nodes" })).rejects.toThrow(/function of the file .*lora: "merge"/s);
  });

  it("of networks that never were ONNX hold A and B too, until they are merged", async () => {
    const network = new Sequential({ fc: new Linear(3, 4), act: new ReLU(), head: new Linear(4, 2) }).eval();
    addLora(network, { rank: 2, targets: ["fc"] });
    network.getParameter("fc.lora_B.weight").assign(sines([4, 2]));
    const write = async (): Promise<OnnxModule> =>
      importModel((await exportNetwork(network, { inputShape: ["N", 3] })).bytes).eval();
    const expected = values(noGrad(() => network.forward(sines([5, 3]))));
    const apart = await write();
    expectClose(run(apart, sines([5, 3])), expected);
    expect([...apart.namedParameters().keys()]).toEqual(
      expect.arrayContaining(["fc.lora_A.weight", "fc.lora_B.weight"]),
    );
    mergeLora(network);
    const merged = await write();
    expectClose(run(merged, sines([5, 3])), expected);
    expect([...merged.namedParameters().keys()].filter((name) => name.includes("lora"))).toEqual([]);
  });
});

it("reads and writes PEFT's names and configuration", () => {
  const [network, other] = [model("Gemm, transB"), model("Gemm, transB")];
  const layers = adapted(network).adapters.map(({ layer }) => layer);
  expect(loraConfig(layers)).toMatchObject({ peft_type: "LORA", r: 2, lora_alpha: 3, target_modules: ["fc"] });
  expect(Object.keys(loraStateDict(network))).toEqual([
    "base_model.model.fc.lora_A.weight",
    "base_model.model.fc.lora_B.weight",
  ]);
  other.addLora({ rank: 2, alpha: 3 });
  loadLoraStateDict(other, loraStateDict(network));
  expect(run(other)).toEqual(run(network));
});

it("gives the same gradients where blocks are computed again for them", () => {
  const found = [false, true].map((checkpointing) => {
    const network = importModel(fixture("resnet.onnx"));
    adapted(network, { targets: /conv/, dropout: 0.3, generator: new Generator(2) });
    network.checkpointing = checkpointing;
    const parameters = network.parameters().filter((p) => p.requiresGrad);
    const loss = mean(square(network.forward(sines([2, 3, 16, 16]))));
    return (gradients(loss, parameters) as Tensor[]).flatMap(values);
  });
  expect(found[1]).toEqual(found[0]);
});
