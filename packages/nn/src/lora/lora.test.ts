import { readFileSync } from "node:fs";
import {
  add,
  conv2d,
  Generator,
  gradients,
  matmul,
  mul,
  reshape,
  sub,
  sum,
  type Tensor,
  tensor,
} from "@graftjs/tensor";
import { closeTo, gradcheck } from "@graftjs/testing";
import { describe, expect, test } from "vitest";
import {
  addLora,
  BatchNorm2d,
  Conv1d,
  Conv2d,
  Conv3d,
  compile,
  copyStateDict,
  crossEntropy,
  Dropout,
  Embedding,
  Linear,
  loadLoraStateDict,
  loraConfig,
  loraOptions,
  loraStateDict,
  type Module,
  mergeLora,
  ReLU,
  removeLora,
  Sequential,
  uniform,
  unmergeLora,
} from "../index.ts";

const draw = { generator: new Generator(3) };
const random = (...shape: number[]): Tensor => uniform(shape, { low: -1, high: 1, ...draw });

/** A network whose adapters are no longer zero. */
function adapted(options: Parameters<typeof addLora>[1] = {}): Sequential {
  const net = new Sequential({
    conv: new Conv2d(3, 4, 3, { stride: 2, padding: 1, ...draw }),
    act: new ReLU(),
    fc: new Linear(5, 6, draw),
  });
  addLora(net, { rank: 2, alpha: 6, targets: ["conv", "fc"], ...draw, ...options });
  for (const [name, p] of net.namedParameters()) if (name.endsWith("lora_B.weight")) p.assign(random(...p.shape));
  return net;
}

const x = (): Tensor => random(2, 3, 9, 10);
const values = (t: Tensor): number[] => [...t.toArray()];

describe("addLora", () => {
  test("changes nothing at first, and names A and B as PEFT does", () => {
    const net = new Sequential({ a: new Sequential(new Linear(4, 3)), b: new Linear(3, 2) });
    const input = random(5, 4);
    const before = values(net.forward(input));
    expect(addLora(net, { rank: 2, targets: /^a/ })).toEqual([{ name: "a.0", rank: 2, alpha: 8, dropout: 0 }]);
    expect(values(net.forward(input))).toEqual(before);
    expect([...net.namedParameters()].map(([name, { shape }]) => [name, shape])).toEqual([
      ["a.0.weight", [3, 4]],
      ["a.0.bias", [3]],
      ["a.0.lora_A.weight", [2, 4]],
      ["a.0.lora_B.weight", [3, 2]],
      ["b.weight", [2, 3]],
      ["b.bias", [2]],
    ]);
  });

  test("draws A from the generator, within 1 / √fanIn", () => {
    const weights = [0, 1].map(() => {
      const layer = new Conv2d(3, 4, 2);
      addLora(layer, { rank: 5, targets: /^$/, generator: new Generator(9) });
      return values(layer.getParameter("lora_A.weight"));
    });
    expect(weights[0]).toEqual(weights[1]);
    const largest = Math.max(...(weights[0] as number[]).map(Math.abs));
    expect(largest).toBeLessThanOrEqual(1 / Math.sqrt(12));
    expect(largest).toBeGreaterThan(0.9 / Math.sqrt(12));
  });

  test.each([
    { options: { targets: ["nothing"] }, problem: /targets out of 0, 1/ },
    { options: { rank: 0 }, problem: /rank/ },
    { options: { dropout: 2 }, problem: /probability/ },
    { options: { alpha: Number.NaN }, problem: /alpha/ },
  ])("refuses $options", ({ options, problem }) => {
    const net = new Sequential(new Linear(2, 2), new Linear(2, 2));
    expect(() => addLora(net, options)).toThrow(problem);
    expect(net.parameters().every(({ requiresGrad }) => requiresGrad)).toBe(true);
  });

  test("refuses what is adapted, what has groups, and what is no product", () => {
    const net = new Sequential(new Linear(2, 2), new Conv2d(2, 2, 1, { groups: 2 }), new Embedding(3, 2));
    addLora(net);
    expect(() => addLora(net)).toThrow(/"0", which is/);
    expect(() => addLora(net, { targets: ["1"] })).toThrow(/"1", which has 2/);
    expect(() => addLora(net, { targets: ["2"] })).toThrow(/targets out of 0,/);
    expect(() => addLora(new Sequential(new ReLU()))).toThrow(/Linear layers/);
  });

  test("freezes all but A and B, in a second call too", () => {
    const net = new Sequential(new Linear(2, 2), new BatchNorm2d(2), new Linear(2, 2), new Dropout());
    addLora(net, { targets: ["0"], dropout: 0.5 });
    addLora(net, { targets: ["2"], rank: 1 });
    const trained = [...net.namedParameters()].filter(([, p]) => p.requiresGrad).map(([name]) => name);
    expect(trained).toEqual(["0.lora_A.weight", "0.lora_B.weight", "2.lora_A.weight", "2.lora_B.weight"]);
    net.train();
    const modes = ["1", "3", "0.lora_dropout"].map((path) => net.getSubmodule(path).training);
    expect(modes).toEqual([false, false, true]);
  });

  test("drops in training mode alone", () => {
    const layer = new Linear(4, 2, { bias: false });
    layer.weight.assign(new Float32Array(8));
    addLora(layer, { rank: 2, dropout: 1 });
    layer.getParameter("lora_B.weight").assign(random(2, 2));
    const input = random(3, 4);
    expect(values(layer.forward(input)).every((y) => y === 0)).toBe(true);
    layer.eval();
    expect(values(layer.forward(input)).every((y) => y === 0)).toBe(false);
  });
});

interface Golden {
  readonly layer: "Linear" | "Conv1d" | "Conv2d" | "Conv3d";
  readonly args: readonly unknown[];
  readonly rank: number;
  readonly alpha: number;
  readonly tensors: Readonly<Record<string, { readonly shape: readonly number[]; readonly data: readonly number[] }>>;
}

describe.each(["eager", "compiled"])("outputs and gradients equal PyTorch's, %s", (way) => {
  const file = new URL("../../../../fixtures/nn/lora.json", import.meta.url);
  const goldens: Golden[] = JSON.parse(readFileSync(file, "utf8"));
  const layers = { Linear, Conv1d, Conv2d, Conv3d };
  test.each(goldens.map((golden) => [`${golden.layer}(${JSON.stringify(golden.args)})`, golden] as const))(
    "%s",
    (_, { layer, args, rank, alpha, tensors }) => {
      const Layer = layers[layer] as new (...args: readonly unknown[]) => Module;
      const net = new Sequential({ layer: new Layer(...args) });
      addLora(net, { rank, alpha, targets: ["layer"] });
      const load = (name: string): Tensor => {
        const { data, shape } = tensors[name] as Golden["tensors"][string];
        return tensor([...data], shape);
      };
      const close = (name: string, got: Tensor | undefined): void => {
        const { pass, message } = closeTo((got as Tensor).toArray(), values(load(name)), { scale: 1e-5, atol: 1e-7 });
        expect(pass, `${name}: ${message}`).toBe(true);
      };
      net.loadStateDict({ "layer.weight": load("weight"), "layer.bias": load("bias") }, { strict: false });
      loadLoraStateDict(net, {
        "base_model.model.layer.lora_A.weight": load("A"),
        "base_model.model.layer.lora_B.weight": load("B"),
      });
      const parts = ["layer.lora_A.weight", "layer.lora_B.weight"].map((name) => net.getParameter(name));
      const run = (input: Tensor, seed: Tensor): Tensor[] => {
        input.requiresGrad = true;
        const y = net.forward(input);
        return [y.detach(), ...(gradients(y, [input, ...parts], { seed }) as Tensor[])];
      };
      const [y, ...grads] = (way === "eager" ? run : compile(run))(load("input"), load("seed"));
      close("output", y);
      ["gradInput", "gradA", "gradB"].forEach((name, i) => {
        close(name, grads[i]);
      });
      mergeLora(net);
      close("merged", net.getParameter("layer.weight"));
      close("output", net.forward(load("input")));
    },
  );
});

test("gradients equal those of the merged weight's formula, by differences", () => {
  const double = (...shape: number[]): Tensor => {
    const data = [...random(...shape).toArray()];
    return tensor(data, shape, { dtype: "float64", requiresGrad: true });
  };
  const [input, weight, A, B] = [double(1, 2, 4, 4), double(3, 2, 2, 2), double(2, 2, 2, 2), double(3, 2, 1, 1)];
  const layer = new Conv2d(2, 3, 2, { bias: false });
  addLora(layer, { rank: 2, alpha: 3, targets: /^$/ });
  const [down, up] = ["lora_A", "lora_B"].map((path) => layer.getSubmodule(path)) as Conv2d[];
  const forward = (...[x, w, a, b]: readonly Tensor[]): Tensor => {
    Object.assign(layer, { weight: w });
    Object.assign(down as Conv2d, { weight: a });
    Object.assign(up as Conv2d, { weight: b });
    return layer.forward(x as Tensor);
  };
  gradcheck(forward, [input, weight, A, B] as Tensor[]);
  const product = reshape(matmul(reshape(B as Tensor, [3, 2]), reshape(A as Tensor, [2, 8])), [3, 2, 2, 2]);
  const merged = conv2d(input as Tensor, add(weight as Tensor, mul(product, 1.5)));
  const difference = sub(forward(input as Tensor, weight as Tensor, A as Tensor, B as Tensor), merged);
  expect(Math.max(...values(difference).map(Math.abs))).toBeLessThan(1e-12);
});

describe("training", () => {
  test("moves A and B, and no bit of the base; a compiled step too", () => {
    const net = adapted({ dropout: 0.25 });
    const base = new Map([...net.namedParameters()].filter(([name]) => !name.includes("lora_")));
    const before = new Map([...base].map(([name, p]) => [name, values(p)]));
    const parts = net.parameters().filter((p) => p.requiresGrad);
    const target = tensor(
      new Int32Array(2 * 4 * 5).map((_, i) => i % 6),
      [40],
    );
    const step = compile((input: Tensor): Tensor => {
      const logits = reshape(net.forward(input), [40, 6]);
      const loss = crossEntropy(logits, target);
      const found = gradients(loss, parts) as Tensor[];
      parts.forEach((p, i) => void p.assign(add(p, mul(found[i] as Tensor, -0.1))));
      return loss.detach();
    });
    const input = random(2, 3, 9, 10);
    const losses = Array.from({ length: 20 }, () => step(input).item());
    expect(losses.at(-1)).toBeLessThan(losses[0] as number);
    for (const [name, p] of base) expect(values(p), name).toEqual(before.get(name));
  });
});

describe("mergeLora", () => {
  test("computes the same, and unmergeLora gives the weights back bit for bit", () => {
    const net = adapted();
    const input = x();
    const weights = (): number[][] => ["conv.weight", "fc.weight"].map((name) => values(net.getParameter(name)));
    const [before, expected] = [weights(), values(net.forward(input))];
    const run = compile((t: Tensor) => net.forward(t));
    run(input);
    mergeLora(net);
    mergeLora(net);
    for (const got of [net.forward(input), run(input)])
      expect(closeTo(values(got), expected, { scale: 1e-5, atol: 1e-6 }).pass).toBe(true);
    expect(weights()).not.toEqual(before);
    unmergeLora(net);
    expect(weights()).toEqual(before);
    expect(values(run(input))).toEqual(values(net.forward(input)));
  });

  test("is final with removeLora, after which layers are plain again", () => {
    const net = adapted();
    const input = x();
    const expected = values(net.forward(input));
    mergeLora(net);
    removeLora(net);
    expect(closeTo(values(net.forward(input)), expected, { scale: 1e-5, atol: 1e-6 }).pass).toBe(true);
    expect([...net.namedModules().keys()]).toEqual(["", "conv", "act", "fc"]);
    expect(addLora(net)).toHaveLength(1);
  });
});

describe("PEFT's files", () => {
  test("hold A and B alone, which go into another network with the same base", async () => {
    const net = adapted();
    const dict = await copyStateDict(loraStateDict(net));
    expect(Object.keys(dict)).toEqual(
      ["conv", "fc"].flatMap((name) => ["A", "B"].map((part) => `base_model.model.${name}.lora_${part}.weight`)),
    );
    const base = await copyStateDict(net.stateDict());
    const fresh = new Sequential({
      conv: new Conv2d(3, 4, 3, { stride: 2, padding: 1 }),
      act: new ReLU(),
      fc: new Linear(5, 6),
    });
    fresh.loadStateDict(base, { strict: false });
    const layers = addLora(
      fresh,
      loraOptions(
        loraConfig([
          { name: "conv", rank: 2, alpha: 6, dropout: 0 },
          { name: "fc", rank: 2, alpha: 6, dropout: 0 },
        ]),
      ),
    );
    expect(layers.map(({ name }) => name)).toEqual(["conv", "fc"]);
    loadLoraStateDict(fresh, dict);
    const input = x();
    expect(values(fresh.forward(input))).toEqual(values(net.forward(input)));
    expect(() => loadLoraStateDict(new Sequential(new Linear(2, 2)), dict)).toThrow(/unexpected/);
  });

  test("list other ranks by layer, and cannot have other dropouts", () => {
    const layers = [
      { name: "a", rank: 2, alpha: 4, dropout: 0 },
      { name: "b", rank: 8, alpha: 4, dropout: 0 },
    ];
    expect(loraConfig(layers)).toMatchObject({ r: 2, rank_pattern: { b: 8 }, alpha_pattern: {} });
    expect(() => loraConfig(layers.map((layer, i) => ({ ...layer, dropout: i / 2 })))).toThrow(/one dropout/);
    expect(() => loraConfig([])).toThrow(/none/);
  });

  const config = {
    peft_type: "LORA",
    r: 2,
    lora_alpha: 4,
    lora_dropout: 0,
    target_modules: "all-linear",
    bias: "none",
  };

  test("name all linear layers, or a pattern for whole names", () => {
    expect(loraOptions(config)).toEqual({ rank: 2, alpha: 4, dropout: 0 });
    expect(loraOptions({ ...config, target_modules: ".*q|k" }).targets).toEqual(/^(?:.*q|k)$/);
  });

  test.each([
    { peft_type: "IA3" },
    { bias: "all" },
    { use_dora: true },
    { modules_to_save: ["head"] },
    { rank_pattern: { a: 1 } },
  ])("are refused with %o", (other) => {
    expect(() => loraOptions({ ...config, ...other })).toThrow(/loraOptions/);
  });
});

test("sums of parameters that a layer shares are found once", () => {
  const shared = new Linear(3, 3);
  const net = new Sequential(shared, shared);
  expect(addLora(net, { rank: 1 })).toHaveLength(1);
  sum(net.forward(random(2, 3))).backward();
  expect(net.getParameter("0.lora_B.weight").grad).not.toBeNull();
});
