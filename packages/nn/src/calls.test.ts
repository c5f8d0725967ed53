import { readFileSync } from "node:fs";
import {
  add,
  compile,
  type DType,
  gradients,
  isFloat,
  isTensor,
  mul,
  slice,
  type Tensor,
  type TypedArray,
  tensor,
} from "@graftjs/tensor";
import { closeTo, gradcheck, uniformArray } from "@graftjs/testing";
import { describe, expect, test } from "vitest";
import * as nn from "./index.ts";

// Activations, and layers that take or return several tensors: against PyTorch, and against differences in float64.

interface Values {
  readonly shape: readonly number[];
  readonly data: readonly number[];
  readonly dtype?: DType;
}

interface Call {
  readonly layer: string;
  readonly args: readonly unknown[];
  readonly train: boolean;
  readonly state: Readonly<Record<string, Values>>;
  readonly tensors: readonly Values[];
  readonly call: unknown;
  readonly outputs: readonly Values[];
  readonly seeds: readonly Values[];
  readonly gradInputs: readonly (Values | null)[];
  readonly grads: Readonly<Record<string, Values>>;
  /** An activation's values of NaN, ∞ and -∞. */
  readonly special?: readonly (number | string)[];
}

type Layer = nn.Module<readonly unknown[], unknown>;

const url = new URL("../../../fixtures/nn/calls.json", import.meta.url);
const calls = JSON.parse(readFileSync(url, "utf8")) as Call[];
const named = calls.map((c, i) => [`${i} ${c.layer}(${JSON.stringify(c.args).slice(1, -1)})`, c] as const);
const exported: Readonly<Record<string, unknown>> = { ...nn };

/** Where float32 itself cannot be exact to the last digit near 0: the formula, PyTorch's too, subtracts nearly equal numbers. */
const cancelling = ["GELU", "Tanhshrink", "Softshrink", "Hardsigmoid", "Hardswish"];

type StackArgs = [width: number, heads: number, options: object, layers: number];

/** Stacks are given layers, which no file can hold: those of {@link Call.args}. */
const stacks: Readonly<Record<string, (...args: StackArgs) => Layer>> = {
  TransformerEncoder: (width, heads, options, layers) =>
    new nn.TransformerEncoder(() => new nn.TransformerEncoderLayer(width, heads, options), layers, {
      norm: new nn.LayerNorm(width),
    }) as unknown as Layer,
  TransformerDecoder: (width, heads, options, layers) =>
    new nn.TransformerDecoder(() => new nn.TransformerDecoderLayer(width, heads, options), layers, {
      norm: new nn.LayerNorm(width),
    }) as unknown as Layer,
};

function load({ shape, data, dtype = "float32" }: Values): Tensor {
  return tensor([...data], shape, { dtype });
}

function build(c: Call): Layer {
  const stack = stacks[c.layer];
  const layer = stack
    ? stack(...(c.args as StackArgs))
    : new (exported[c.layer] as new (...args: readonly unknown[]) => Layer)(...c.args);
  layer.train(c.train);
  const state = Object.fromEntries(Object.entries(c.state).map(([name, values]) => [name, load(values)]));
  expect(layer.loadStateDict(state)).toEqual({ missing: [], unexpected: [] });
  return layer;
}

/** What `forward` is called with: the tensors in their places. */
function fill(template: unknown, tensors: readonly Tensor[]): unknown {
  if (Array.isArray(template)) return template.map((part) => fill(part, tensors));
  if (typeof template !== "object" || template === null) return template;
  if ("$" in template) return tensors[template.$ as number];
  return Object.fromEntries(Object.entries(template).map(([name, part]) => [name, fill(part, tensors)]));
}

function flat(output: unknown): Tensor[] {
  if (isTensor(output)) return [output];
  return Array.isArray(output) ? output.flatMap(flat) : [];
}

const apply = (layer: Layer, c: Call, tensors: readonly Tensor[]): Tensor[] =>
  flat(layer.forward(...(fill(c.call, tensors) as unknown[])));

function expectClose(name: string, actual: Tensor | null | undefined, expected: Values, relative = false): void {
  expect(actual?.shape, `shape of ${name}`).toEqual(expected.shape);
  const tolerance = relative ? { rtol: 1e-5, atol: 1e-30 } : { scale: 1e-5, atol: 1e-7 };
  const { pass, message } = closeTo((actual as Tensor).toArray(), expected.data, tolerance);
  expect(pass, `${name}: ${message}`).toBe(true);
}

describe.each(["eager", "compiled"] as const)("layers equal PyTorch's, %s", (way) => {
  test.each(named)("%s", (_, c) => {
    const layer = build(c);
    const parameters = [...layer.namedParameters()];
    const run = (...given: Tensor[]): Record<string, Tensor> => {
      const tensors = given.slice(0, c.tensors.length);
      for (const t of tensors) t.requiresGrad = isFloat(t.dtype);
      const outputs = apply(layer, c, tensors);
      const targets = [...tensors.filter((t) => t.requiresGrad), ...parameters.map(([, p]) => p)];
      const found: Record<string, Tensor> = {};
      outputs.forEach((y, i) => {
        found[`output ${i}`] = y.detach();
        const grads = gradients(y, targets, { seed: given[tensors.length + i] as Tensor });
        targets.forEach((target, j) => {
          const grad = grads[j];
          const at = tensors.indexOf(target);
          const name = at < 0 ? `grad ${parameters.find(([, p]) => p === target)?.[0]}` : `input ${at}`;
          const have = found[name];
          if (grad) found[name] = have ? nn.noGrad(() => add(have, grad)) : grad;
        });
      });
      return found;
    };
    const results = (way === "eager" ? run : compile(run))(...c.tensors.map(load), ...c.seeds.map(load));
    const relative = c.special !== undefined && !cancelling.includes(c.layer);
    c.outputs.forEach((y, i) => void expectClose(`output ${i}`, results[`output ${i}`], y, relative));
    c.gradInputs.forEach((grad, i) => {
      if (grad) expectClose(`gradient of input ${i}`, results[`input ${i}`], grad);
    });
    expect(parameters.map(([name]) => name).sort()).toEqual(Object.keys(c.grads).sort());
    for (const [name, grad] of Object.entries(c.grads)) expectClose(name, results[`grad ${name}`], grad);
  });
});

test.each(named.filter(([, c]) => c.special))("%s of NaN and infinity is PyTorch's", (_, c) => {
  const x = tensor([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]);
  const [y] = apply(build(c), c, [x]) as [Tensor];
  // 9 digits are more than float32 has.
  expect([...y.toArray()]).toEqual((c.special ?? []).map((v) => Math.fround(Number(v))));
});

test.each(named.filter(([, c]) => c.special))("%s keeps empty tensors empty", (_, c) => {
  const [y] = apply(build(c), c, [tensor([], [0, 3])]) as [Tensor];
  expect(y.shape).toEqual([0, 3]);
});

describe("gradients in float64 equal differences", () => {
  const smooth = Float64Array.of(-4.3, -1.7, -0.83, -0.31, 0.17, 0.77, 1.4, 4.6, 25);
  // Kinks have no difference, so activations are tried beside them.
  const beside = (values: TypedArray): Float64Array => Float64Array.from(values, (v) => (Math.abs(v) < 0.01 ? 0.1 : v));
  // The row of padding counts, but has no gradient by definition.
  const checked = named.filter(([, c]) => !(c.layer === "Embedding" && c.args.length > 2));

  test.each(checked)("%s", (_, c) => {
    const layer = build(c);
    const places = parameterPlaces(layer);
    const given = c.special ? [tensor(smooth, [9])] : c.tensors.map(load);
    const points = [...given, ...places.map(({ record, key }) => record[key] as Tensor)];
    // All inputs and parameters at once, along three random directions.
    const along = points.map((t, i) => {
      if (!isFloat(t.dtype)) return () => t;
      const start = tensor(beside(t.toArray()), t.shape);
      const directions = [0, 1, 2].map((k) => tensor(Float64Array.from(uniformArray(t.size, 10 * i + k)), t.shape));
      return (steps: Tensor): Tensor =>
        directions.reduce((point, direction, k) => add(point, mul(direction, slice(steps, 0, k, k + 1))), start);
    });
    gradcheck(
      (steps) => {
        const moved = along.map((at) => at(steps));
        places.forEach(({ record, key }, i) => {
          record[key] = moved[given.length + i] as Tensor;
        });
        return apply(layer, c, moved.slice(0, given.length));
      },
      [tensor(new Float64Array(3), [3], { requiresGrad: true })],
    );
  });
});

/** The fields, and entries of arrays and records in fields, that hold parameters. */
function parameterPlaces(layer: Layer): { record: Record<string, unknown>; key: string }[] {
  const within = (record: Record<string, unknown>): { record: Record<string, unknown>; key: string }[] =>
    Object.entries(record).flatMap(([key, value]) => {
      if (nn.isParameter(value)) return [{ record, key }];
      const plain = Object.prototype.toString.call(value) === "[object Object]" && !nn.isModule(value);
      return plain ? within(value as Record<string, unknown>) : [];
    });
  return [...layer.namedModules().values()].flatMap((m) => within(m as unknown as Record<string, unknown>));
}
