import { readFileSync } from "node:fs";
import { compile, Generator, type Tensor, tensor, zeros } from "@graftjs/tensor";
import { closeTo } from "@graftjs/testing";
import { wasm } from "@graftjs/wasm";
import { describe, expect, test } from "vitest";
import { type Classifier, LeNet, mobileNetV2, resnet18, resnet34, resnet50 } from "./index.ts";

interface Golden {
  readonly state: Readonly<Record<string, readonly number[]>>;
  readonly logits: readonly number[];
}

const file = new URL("../../../fixtures/models/models.json", import.meta.url);
const goldens = JSON.parse(readFileSync(file, "utf8")) as Readonly<Record<string, Golden>>;
const device = await wasm();
const size = (shape: readonly number[]): number => shape.reduce((n, d) => n * d, 1);

/** The numbers that the script of the fixtures makes, in [-0.5, 0.5). */
function formula(shape: readonly number[], j: number, change: (v: number) => number): Tensor {
  const value = (i: number): number => change(((i * 1103 + j * 7919) % 2003) / 2003 - 0.5);
  return tensor(
    Float32Array.from({ length: size(shape) }, (_, i) => value(i)),
    shape,
  );
}

function weights(state: Golden["state"]): Record<string, Tensor> {
  const filled = Object.entries(state).map(([name, shape], j) => {
    const scale = Math.sqrt(12 / size(shape.slice(1)));
    const nearOne = /running_var$|weight$/.test(name);
    const change = shape.length > 1 ? (v: number) => v * scale : (v: number) => (nearOne ? 1 : 0) + 0.2 * v;
    return [name, formula(shape, j, change)] as const;
  });
  return Object.fromEntries(filled);
}

describe.each([
  ["resnet18", resnet18, 11_689_512, [512, 2, 2]],
  ["resnet34", resnet34, 21_797_672, [512, 2, 2]],
  ["resnet50", resnet50, 25_557_032, [2048, 2, 2]],
  ["mobileNetV2", mobileNetV2, 3_504_872, [1280, 2, 2]],
] as const)("%s", (name, make, count, features) => {
  const golden = goldens[name] as Golden;
  const net: Classifier = make({ generator: new Generator(0) });

  test("has as many parameters as the paper's, under torchvision's names", () => {
    expect(net.parameters().reduce((n, p) => n + p.size, 0)).toBe(count);
    net.resetClassifier(10);
    const state = Object.entries(net.stateDict()).map(([key, t]) => [key, t.shape]);
    expect(Object.fromEntries(state)).toEqual(golden.state);
  });

  test("gives PyTorch's logits", () => {
    net.loadStateDict(weights(golden.state));
    net.eval();
    const x = formula([2, 3, 64, 64], 0, (v) => 2 * v);
    const run = compile(
      (input: Tensor) => {
        const maps = net.forwardFeatures(input);
        return { maps, split: net.forwardHead(maps), logits: net.forward(input) };
      },
      { device },
    );
    const { maps, split, logits } = run(x);
    expect(maps.shape).toEqual([2, ...features]);
    expect(logits.shape).toEqual([2, 10]);
    expect(closeTo(logits.toArray(), golden.logits, { rtol: 0, scale: 2e-5 })).toMatchObject({ pass: true });
    expect(split.toArray()).toEqual(logits.toArray());
  });
});

test("LeNet takes digits, and another head", () => {
  const net = new LeNet();
  expect(net.parameters().reduce((n, p) => n + p.size, 0)).toBe(60_074);
  net.resetClassifier(3);
  expect(net.forward(zeros([2, 1, 28, 28])).shape).toEqual([2, 3]);
});
