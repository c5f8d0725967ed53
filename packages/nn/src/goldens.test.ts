import { readFileSync } from "node:fs";
import { compile, gradients, isFloat, type Tensor, tensor } from "@graftjs/tensor";
import { closeTo, gradcheck } from "@graftjs/testing";
import { describe, expect, test } from "vitest";
import * as nn from "./index.ts";

const exported: Readonly<Record<string, unknown>> = { ...nn };

interface Values {
  readonly shape: readonly number[];
  readonly data: readonly number[];
  readonly dtype?: "int32";
}

interface LayerCase {
  readonly layer: string;
  readonly args: readonly unknown[];
  readonly train: boolean;
  readonly state: Readonly<Record<string, Values>>;
  readonly input: Values;
  readonly output: Values;
  readonly seed: Values;
  readonly gradInput: Values | null;
  readonly grads: Readonly<Record<string, Values>>;
  readonly buffers: Readonly<Record<string, Values>>;
}

function read<T>(file: string): T {
  return JSON.parse(readFileSync(new URL(`../../../fixtures/nn/${file}`, import.meta.url), "utf8")) as T;
}

function load({ shape, data, dtype }: Values): Tensor {
  return tensor([...data], shape, { dtype: dtype ?? "float32" });
}

function expectClose(name: string, actual: Tensor | null | undefined, expected: Values): void {
  expect(actual?.shape, `shape of ${name}`).toEqual(expected.shape);
  const { pass, message } = closeTo((actual as Tensor).toArray(), expected.data, { scale: 1e-5, atol: 1e-7 });
  expect(pass, `${name}: ${message}`).toBe(true);
}

const title = (c: LayerCase): string =>
  `${c.layer}(${JSON.stringify(c.args).slice(1, -1)}) ${c.train ? "train" : "eval"}`;

const ways = ["eager", "compiled"] as const;

test("every layer has a golden", () => {
  const files = ["layers.json", "calls.json"];
  const covered = new Set(files.flatMap((file) => read<Pick<LayerCase, "layer">[]>(file).map((c) => c.layer)));
  const isModule = (value: unknown): boolean => typeof value === "function" && value.prototype instanceof nn.Module;
  const names = Object.entries(exported).flatMap(([name, value]) => (isModule(value) ? [name] : []));
  const layers = names.filter((name) => !name.endsWith("Loss"));
  // Bases of others; what is random; what has no numbers of its own.
  const without = [
    "BatchNorm",
    "InstanceNorm",
    "Recurrent",
    "RecurrentCell",
    "DropPath",
    "ModuleDict",
    "ModuleList",
    "Sequential",
  ];
  expect(layers.filter((name) => !covered.has(name)).sort()).toEqual(without.sort());
});

describe.each(ways)("layers equal PyTorch's, %s", (way) => {
  const cases = read<LayerCase[]>("layers.json");
  test.each(cases.map((c) => [title(c), c] as const))("%s", (_, c) => {
    const Layer = exported[c.layer] as new (...args: readonly unknown[]) => nn.Module;
    const layer = new Layer(...c.args).train(c.train);
    const state = Object.fromEntries(Object.entries(c.state).map(([name, values]) => [name, load(values)]));
    expect(layer.loadStateDict(state)).toEqual({ missing: [], unexpected: [] });
    const parameters = [...layer.namedParameters()];
    const run = (x: Tensor, seed: Tensor): Record<string, Tensor> => {
      x.requiresGrad = isFloat(x.dtype);
      const output = layer.forward(x);
      const targets = [...(x.requiresGrad ? [x] : []), ...parameters.map(([, p]) => p)];
      const found = gradients(output, targets, { seed }) as Tensor[];
      const named = targets.map((t, i) => [
        t === x ? "input" : `grad ${parameters.find(([, p]) => p === t)?.[0]}`,
        found[i] as Tensor,
      ]);
      return { output: output.detach(), ...Object.fromEntries(named) };
    };
    const results = (way === "eager" ? run : compile(run))(load(c.input), load(c.seed));
    expectClose("output", results.output, c.output);
    if (c.gradInput) expectClose("gradient of the input", results.input, c.gradInput);
    expect(parameters.map(([name]) => name).sort()).toEqual(Object.keys(c.grads).sort());
    for (const [name, grad] of Object.entries(c.grads)) expectClose(name, results[`grad ${name}`], grad);
    expect([...layer.namedBuffers().keys()].sort()).toEqual(Object.keys(c.buffers).sort());
    for (const [name, buffer] of layer.namedBuffers()) expectClose(name, buffer, c.buffers[name] as Values);
  });
});

describe("gradients of layers in float64 equal differences", () => {
  const cases = read<LayerCase[]>("layers.json").filter((c) => c.gradInput);
  test.each(cases.map((c) => [title(c), c] as const))("%s", (_, c) => {
    const Layer = exported[c.layer] as new (...args: readonly unknown[]) => nn.Module;
    const layer = new Layer(...c.args).train(c.train);
    const fields = layer as unknown as Record<string, unknown>;
    const double = (t: Values): Tensor => tensor([...t.data], t.shape, { dtype: "float64" });
    const names = Object.keys(fields).filter((field) => nn.isParameter(fields[field]));
    const stateOf = (field: string): Values =>
      c.state[field.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)] as Values;
    for (const [field, value] of Object.entries(fields)) {
      if (nn.isBuffer(value) && isFloat(value.dtype)) fields[field] = new nn.Buffer(double(stateOf(field)));
    }
    const points = [double(c.input), ...names.map((field) => double(stateOf(field)))];
    for (const t of points) t.requiresGrad = true;
    gradcheck((x, ...parameters) => {
      names.forEach((field, i) => {
        fields[field] = parameters[i];
      });
      return layer.forward(x as Tensor);
    }, points);
  });
});
