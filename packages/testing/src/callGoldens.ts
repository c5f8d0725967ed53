import { readFileSync } from "node:fs";
import * as tensorPackage from "@graftjs/tensor";
import { compile, type Device, gradients, isFloat, isTensor, type Tensor, tensor } from "@graftjs/tensor";
import { describe, expect, test } from "vitest";
import { closeTo } from "./closeTo.ts";
import { onDevice } from "./conformance/case.ts";
import { gradcheck, gradgradcheck } from "./gradcheck.ts";

interface Values {
  readonly shape: readonly number[];
  readonly data: readonly (number | string)[];
  readonly dtype?: "int32" | "bool";
}

/** A call of a function of the tensor package, with what PyTorch computes (fixtures/ops/calls.py). */
interface CallGolden {
  readonly fn: string;
  readonly call: readonly unknown[];
  readonly tensors: readonly Values[];
  /** Gradients of the results; `null` for one without. */
  readonly seeds: readonly (Values | null)[];
  readonly outputs: readonly Values[];
  readonly grads: readonly (Values | null)[];
}

const functions = tensorPackage as unknown as Readonly<Record<string, (...args: unknown[]) => unknown>>;
/** More elements than this take long to differentiate twice. */
const MOST_FOR_SECOND = 60;

type Way = "eager" | "compiled";

/**
 * Declares, for each call of a file of goldens, the tests that results and gradients are PyTorch's, eagerly and compiled, on
 * each of the devices; and that first and second derivatives equal differences.
 */
export function callGoldens(
  file: URL,
  devices: Readonly<Record<string, Device>>,
  ways: readonly Way[] = ["eager", "compiled"],
): void {
  const calls = JSON.parse(readFileSync(file, "utf8")) as CallGolden[];
  const titled = calls.map((c, i) => [`${i} ${title(c)}`, c] as const);

  for (const [name, device] of Object.entries(devices)) {
    describe.each(ways)(`equal to PyTorch, ${name}, %s`, (way) => {
      test.each(titled)("%s", (_, c) => {
        const inputs = c.tensors.map((t) => load(t, "float32"));
        const run = (...args: Tensor[]): Tensor[] => withGradients(c, args);
        const actual = way === "eager" ? onDevice(device, () => run(...inputs)) : compile(run, { device })(...inputs);
        const expected = [...c.outputs, ...c.grads.filter((g) => g !== null)];
        expect(actual.map((t) => t.shape)).toEqual(expected.map((t) => t.shape));
        expected.forEach((e, i) => {
          const { pass, message } = closeTo(actual[i] as Tensor, load(e, "float32"));
          if (!pass) expect.fail(`${i < c.outputs.length ? "output" : "gradient"}, tensor ${i}: ${message}`);
        });
      });
    });
  }

  const smooth = titled.filter(([, c]) => isSmooth(c));
  describe.runIf(smooth.length > 0)("gradients and second derivatives equal differences", () => {
    test.each(smooth)("%s", (_, c) => {
      const inputs = c.tensors.map((t) => load(t, "float64", true));
      const fn = (...args: Tensor[]): Tensor[] => results(c, args).filter((t) => t.requiresGrad);
      gradcheck(fn, inputs);
      if (inputs.reduce((n, t) => n + t.size, 0) <= MOST_FOR_SECOND) gradgradcheck(fn, inputs);
    });
  });
}

function title(c: CallGolden): string {
  return `${c.fn}(${JSON.stringify(c.call).slice(1, -1)}) of ${c.tensors.map((t) => `[${t.shape}]`).join(", ")}`;
}

/** Differences say something where no two elements are the same, or not finite, and there is a gradient. */
function isSmooth(c: CallGolden): boolean {
  const floats = c.tensors.filter((t) => !t.dtype);
  const distinct = floats.every(({ data }) => new Set(data).size === data.length);
  const finite = [...floats, ...c.outputs].every(({ data }) => data.every(Number.isFinite));
  return distinct && finite && c.grads.some((g) => g && g.data.length > 0);
}

/** A stored argument, with tensors in their places. */
function decode(value: unknown, tensors: readonly Tensor[]): unknown {
  if (value === "Infinity" || value === "-Infinity") return Number(value);
  if (Array.isArray(value)) return value.map((v) => decode(v, tensors));
  if (typeof value !== "object") return value;
  if (value === null) return undefined;
  if ("$" in value) return tensors[value.$ as number];
  return Object.fromEntries(Object.entries(value).map(([k, v]) => [k, decode(v, tensors)]));
}

function results({ fn, call }: CallGolden, tensors: readonly Tensor[]): Tensor[] {
  const result = functions[fn]?.(...call.map((a) => decode(a, tensors))) as Tensor | Record<string, Tensor>;
  return isTensor(result) ? [result] : Object.values(result);
}

/** The results, and the gradients of those inputs that have one. */
function withGradients(c: CallGolden, inputs: readonly Tensor[]): Tensor[] {
  const leaves = inputs.map((t, i) => {
    const leaf = t.detach();
    leaf.requiresGrad = Boolean(c.grads[i]);
    return leaf;
  });
  const outputs = results(c, leaves);
  const wanted = leaves.filter((t) => t.requiresGrad);
  if (wanted.length === 0) return outputs;
  const { add, mul, sum } = tensorPackage;
  const total = outputs
    .flatMap((y, i) => (c.seeds[i] ? [sum(mul(y, load(c.seeds[i], "float32")))] : []))
    .reduce((a, b) => add(a, b));
  return [...outputs.map((t) => t.detach()), ...(gradients(total, wanted) as Tensor[])];
}

function load({ shape, data, dtype }: Values, float: "float32" | "float64", requiresGrad = false): Tensor {
  const options = { dtype: dtype ?? float, requiresGrad: requiresGrad && isFloat(dtype ?? float) };
  return tensor(data.map(Number), shape, options);
}
