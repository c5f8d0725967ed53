import { type LoraOptions, loadLoraStateDict, loraConfig, loraStateDict } from "@graftjs/nn";
import { add, compile, Generator, gradients, mean, mul, noGrad, square, type Tensor, tensor } from "@graftjs/tensor";
import { closeTo } from "@graftjs/testing";
import { describe, expect, it } from "vitest";
import { fixture, modelBytes, sines } from "../../test/fixtures.ts";
import { exportModel } from "../export.ts";
import { importModel, type OnnxModule } from "../module.ts";
import { LoraError } from "./error.ts";

const float32 = (name: string, dims: readonly number[], scale = 1): object => {
  const size = dims.reduce((n, d) => n * d, 1);
  const floatData = Array.from({ length: size }, (_, i) => scale * Math.sin(2 * i + name.length));
  return { name, dataType: 1, dims: [...dims], floatData };
};
const node = (opType: string, input: string[], output: string, ...attribute: object[]): object => {
  return { opType, name: `node_${output}`, input, output: [output], attribute };
};
const int = (name: string, i: number): object => ({ name, type: 2, i });
const ints = (name: string, values: number[]): object => ({ name, type: 7, ints: values });
const float = (name: string, f: number): object => ({ name, type: 1, f });

/** Models of one layer, in each form that exporters write it in. */
const layers = {
  "MatMul, [in, out]": {
    nodes: [node("MatMul", ["x", "fc.weight"], "y")],
    initializers: [float32("fc.weight", [3, 5])],
    inputShape: [2, 4, 3],
  },
  "MatMul of a vector": {
    nodes: [node("MatMul", ["x", "fc.weight"], "y")],
    initializers: [float32("fc.weight", [3, 5])],
    inputShape: [3],
  },
  "MatMul, transposed by a node": {
    nodes: [node("Transpose", ["fc.weight"], "t", ints("perm", [1, 0])), node("MatMul", ["x", "t"], "y")],
    initializers: [float32("fc.weight", [5, 3])],
    inputShape: [2, 4, 3],
  },
  "MatMul through a Cast, handed on by an Identity": {
    nodes: [
      node("Identity", ["fc.weight"], "same"),
      node("Cast", ["same"], "cast", int("to", 1)),
      node("MatMul", ["x", "cast"], "y"),
    ],
    initializers: [
      { name: "fc.weight", dataType: 10, dims: [3, 2], int32Data: [0x3c00, 0, 0xbc00, 0x3800, 0x4000, 0x3555] },
    ],
  },
  "MatMul, reshaped": {
    nodes: [
      node("Constant", [], "matrix", { name: "value", type: 4, t: { dataType: 7, dims: [2], int64Data: [-1, 5] } }),
      node("Reshape", ["fc.weight", "matrix"], "w"),
      node("MatMul", ["x", "w"], "y"),
    ],
    initializers: [float32("fc.weight", [3, 2, 5])],
    inputShape: [2, 6],
  },
  "Gemm, transB": {
    nodes: [node("Gemm", ["x", "fc.weight", "fc.bias"], "y", int("transB", 1))],
    initializers: [float32("fc.weight", [5, 3]), float32("fc.bias", [5])],
  },
  "Gemm, factors and all": {
    nodes: [node("Gemm", ["x", "fc.weight", "fc.bias"], "y", int("transA", 1), float("alpha", 0.5), float("beta", 3))],
    initializers: [float32("fc.weight", [3, 5]), float32("fc.bias", [5])],
    inputShape: [3, 4],
  },
  "Gemm of opset 6": {
    nodes: [node("Gemm", ["x", "fc.weight", "fc.bias"], "y", int("broadcast", 1))],
    initializers: [float32("fc.weight", [3, 5]), float32("fc.bias", [5])],
    opset: 6,
    irVersion: 3,
  },
  Conv: {
    nodes: [
      node(
        "Conv",
        ["x", "fc.weight", "fc.bias"],
        "y",
        ints("strides", [2, 1]),
        ints("pads", [1, 0, 0, 1]),
        ints("dilations", [1, 2]),
      ),
    ],
    initializers: [float32("fc.weight", [5, 3, 3, 2]), float32("fc.bias", [5])],
    inputShape: [2, 3, 6, 7],
  },
  "Conv, one axis": {
    nodes: [
      node("Conv", ["x", "fc.weight"], "y", { name: "auto_pad", type: 3, s: new TextEncoder().encode("SAME_UPPER") }),
    ],
    initializers: [float32("fc.weight", [5, 3, 3])],
    inputShape: [2, 3, 6],
  },
  "Conv, three axes": {
    nodes: [node("Conv", ["x", "fc.weight"], "y")],
    initializers: [float32("fc.weight", [2, 3, 2, 1, 2])],
    inputShape: [1, 3, 2, 2, 3],
  },
} as const;
const forms = Object.keys(layers) as (keyof typeof layers)[];

const model = (name: keyof typeof layers): OnnxModule => importModel(modelBytes(layers[name] as object)).eval();

const random = new Generator(5);
const values = (t: Tensor): number[] => [...t.toArray()];

/** Gives an untrained update values that count. */
function stir(network: OnnxModule): void {
  for (const [name, parameter] of network.namedParameters())
    if (/lora_B\.weight$/.test(name)) parameter.assign(sines(parameter.shape));
}

function adapted(network: OnnxModule, options: LoraOptions = {}): OnnxModule {
  network.addLora({ rank: 2, alpha: 3, targets: /./, generator: random, ...options });
  stir(network);
  return network;
}

const inputOf = (network: OnnxModule): Tensor => sines(network.inputSpecs()[0]?.shape ?? []);
const run = (network: OnnxModule, x = inputOf(network)): number[] => values(noGrad(() => network.forward(x)));

function expectClose(got: readonly number[], expected: readonly number[], scale = 1e-5): void {
  const { pass, message } = closeTo(Float32Array.from(got), expected, { scale, atol: 1e-6 });
  expect(pass, message).toBe(true);
}

describe.each(forms)("%s", (form) => {
  it("computes the same at first, and as with the sum of weights afterwards", async () => {
    const network = model(form);
    const before = run(network);
    expect(network.addLora({ rank: 2, alpha: 3, targets: ["fc"] })).toMatchObject([{ name: "fc", rank: 2, alpha: 3 }]);
    expect(run(network)).toEqual(before);
    stir(network);
    const expected = run(network);
    expect(expected).not.toEqual(before);
    const plain = model(form);
    const weight = plain.getParameter("fc.weight");
    const [adapter] = network.adapters;
    weight.assign(add(weight, adapter?.update() as Tensor));
    expectClose(run(plain), expected);
  });

  it("has the gradients of the sum of weights", () => {
    const network = adapted(model(form));
    const [A, B] = ["A", "B"].map((part) => network.getParameter(`fc.lora_${part}.weight`)) as Tensor[] as [
      Tensor,
      Tensor,
    ];
    const loss = (): Tensor => mean(square(network.forward(inputOf(network))));
    const [gradA, gradB] = gradients(loss(), [A, B]) as [Tensor, Tensor];
    for (const [parameter, grad] of [
      [A, gradA],
      [B, gradB],
    ] as const) {
      const start = parameter.toArray().slice();
      const at = (i: number, by: number): number => {
        const moved = start.slice();
        moved[i] = (moved[i] as number) + by;
        parameter.assign(moved);
        return noGrad(loss).item();
      };
      const found = Array.from(start, (_, i) => (at(i, 0.01) - at(i, -0.01)) / 0.02);
      parameter.assign(start);
      expectClose(values(grad), found, 5e-3);
    }
  });

  it("is exported merged, with that weight alone changed", async () => {
    const network = adapted(model(form));
    const { bytes, changed, added } = await exportModel(network);
    expect([changed, added]).toEqual([["fc.weight"], []]);
    expect(bytes.length).toBeLessThan(network.model.bytes.length + 64);
    expectClose(run(importModel(bytes).eval()), run(network), 1e-3);
  });

  it("is exported as nodes, which are trained again where the file is imported", async () => {
    const network = adapted(model(form));
    const { bytes, changed, added } = await exportModel(network, { lora: "nodes" });
    expect(changed).toEqual([]);
    expect(added).toEqual(["fc.lora_A.weight", "fc.lora_B.weight", "fc/lora/scale"]);
    const again = importModel(bytes).eval();
    expectClose(run(again), run(network), 1e-3);
    const weight = network.model.graph.initializers.get("fc.weight");
    expect(again.model.graph.initializers.get("fc.weight")?.data()).toEqual(weight?.data());
    const names = [...again.namedParameters()].filter(([name]) => name.includes("lora")).map(([name]) => name);
    expect(names.sort()).toEqual(["fc.lora_A.weight", "fc.lora_B.weight"]);
    const shapes = (of: OnnxModule) => Object.entries(loraStateDict(of)).map(([name, { shape }]) => [name, ...shape]);
    expect(shapes(again)).toEqual(shapes(network));
  });
});

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
