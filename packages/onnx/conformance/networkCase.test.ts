import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { modelBytes } from "../test/fixtures.ts";
import { runCase } from "./runCase.ts";
import { foldersOf } from "./suite.ts";

// A linear layer with its cross entropy, worked out here on plain numbers: what the comparison has to accept, and what it has to notice.

const suite = mkdtempSync(join(tmpdir(), "graft-network-"));
afterAll(() => rmSync(suite, { recursive: true }));

const inputs = [1, -2, 0.5, 0.25, 1.5, -1];
const weight = [0.5, -1, 0.25, 0.75, -0.5, 1];
const bias = [0.125, -0.25];
const target = [1, 0];

const sum = (terms: readonly number[]): number => terms.reduce((a, b) => a + b, 0);
const norm = (values: readonly number[]): number => Math.sqrt(sum(values.map((v) => v * v)));
const cells = (rows: number, columns: number): [number, number][] =>
  Array.from({ length: rows * columns }, (_, i) => [Math.floor(i / columns), i % columns]);

/** y = x·W + b for two rows of x, its loss and the loss's gradients. */
function layer(w: readonly number[], b: readonly number[], x: readonly number[] = inputs) {
  const at = (list: readonly number[], row: number, column: number, columns: number) =>
    list[row * columns + column] ?? 0;
  const y = cells(2, 2).map(([n, k]) => sum([0, 1, 2].map((f) => at(x, n, f, 3) * at(w, f, k, 2))) + (b[k] ?? 0));
  const rows = [y.slice(0, 2), y.slice(2)].map((row) => row.map(Math.exp));
  const p = rows.flatMap((row) => row.map((e) => e / sum(row)));
  const loss = sum(target.map((t, n) => -Math.log(p[2 * n + t] ?? 0))) / 2;
  const slope = cells(2, 2).map(([n, k]) => ((p[2 * n + k] ?? 0) - Number(target[n] === k)) / 2);
  return {
    y,
    loss,
    gradX: cells(2, 3).map(([n, f]) => sum([0, 1].map((k) => at(slope, n, k, 2) * at(w, f, k, 2)))),
    gradW: cells(3, 2).map(([f, k]) => sum([0, 1].map((n) => at(x, n, f, 3) * at(slope, n, k, 2)))),
    gradB: [0, 1].map((k) => sum([0, 1].map((n) => at(slope, n, k, 2)))),
  };
}

const right = layer(weight, bias);

function npy(path: string, shape: readonly number[], values: readonly number[]): void {
  const fields = `{'descr': '<f4', 'fortran_order': False, 'shape': (${shape.join(", ")},), }`;
  const header = `${fields.padEnd(117)}\n`;
  const start = Buffer.concat([Buffer.from("\x93NUMPY\x01\x00", "latin1"), Buffer.from([header.length, 0])]);
  writeFileSync(path, Buffer.concat([start, Buffer.from(header), Buffer.from(Float32Array.from(values).buffer)]));
}

interface Given {
  readonly x?: readonly number[];
  readonly w?: readonly number[];
  readonly b?: readonly number[];
  readonly y?: readonly number[];
  readonly shape?: readonly number[];
  readonly gradX?: readonly number[];
  readonly meta?: object;
}

let cases = 0;

/** How the comparison ends for a file with weights `w` and `b`, and data that say what is given, or else what is right. */
async function outcome({
  x = inputs,
  w = weight,
  b = bias,
  y = right.y,
  shape = [2, 2],
  gradX = right.gradX,
  meta = {},
}: Given) {
  const name = `folder${cases++}`;
  const folder = join(suite, name, "case");
  mkdirSync(folder, { recursive: true });
  const bytes = modelBytes({
    nodes: [{ opType: "Gemm", name: "fc", input: ["x", "fc.weight", "fc.bias"], output: ["y"] }],
    initializers: [
      { name: "fc.weight", dataType: 1, dims: [3, 2], floatData: [...w] },
      { name: "fc.bias", dataType: 1, dims: [2], floatData: [...b] },
    ],
  });
  writeFileSync(join(folder, "model.onnx"), bytes);
  npy(join(folder, "input_0.npy"), [2, 3], x);
  npy(join(folder, "output_0.npy"), shape, y);
  npy(join(folder, "grad_input_0.npy"), [2, 3], gradX);
  const grad_norm = { "fc.weight": norm(right.gradW), "fc.bias": norm(right.gradB) };
  writeFileSync(join(folder, "meta.json"), JSON.stringify({ loss: right.loss, target, grad_norm, ...meta }));
  const test = foldersOf(suite).find((found) => found.name === name)?.cases[0];
  if (!test) throw new Error("the case was not found");
  return (await runCase(test)).outcome;
}

const reason = async (given: Given): Promise<string> => {
  const result = await outcome(given);
  return result.status === "failed" ? result.reason : result.status;
};
const off = (values: readonly number[], by: number): number[] => values.map((v, i) => (i === 0 ? v + by : v));

describe("the comparison of a network", () => {
  const scale = Math.max(...right.y.map(Math.abs));

  it("accepts what is right, and what is within 1e-4 of the largest element", async () => {
    expect(await reason({})).toBe("passed");
    expect(await reason({ y: off(right.y, 0.9e-4 * scale) })).toBe("passed");
    expect(await reason({ meta: { grad_probe: { "fc.weight": right.gradW.slice(0, 4) } } })).toBe("passed");
  });

  it("notices another output", async () => {
    expect(await reason({ y: off(right.y, 1.2e-4 * scale) })).toMatch(/^output 0: 1 of 4 elements differ/);
    expect(await reason({ y: off(right.y, Number.NaN) })).toMatch(/^output 0: 1 of 4/);
    expect(await reason({ y: right.y.slice(0, 2), shape: [1, 2] })).toMatch(
      /^output 0: expected shape \[1, 2\], got \[2, 2\]/,
    );
  });

  it("notices another loss", async () => {
    expect(await reason({ meta: { loss: right.loss + 2e-4 } })).toMatch(/^loss: expected/);
    await expect(reason({ meta: { loss_definition: "mse" } })).resolves.toMatch(/the loss "mse" is not known/);
  });

  it("notices other gradients, of the input and of parameters by norm and by elements", async () => {
    const most = Math.max(...right.gradX.map(Math.abs));
    expect(await reason({ gradX: off(right.gradX, 2e-4 * most) })).toMatch(/^gradient of input 0: 1 of 6/);
    const grad_norm = { "fc.weight": norm(right.gradW) * 1.001, "fc.bias": norm(right.gradB) };
    expect(await reason({ meta: { grad_norm } })).toMatch(/^gradient of fc\.weight: expected the norm/);
    const grad_probe = { "fc.weight": right.gradW.map((g) => -g).slice(0, 2) };
    expect(await reason({ meta: { grad_probe } })).toMatch(/^gradient of fc\.weight: expected it to begin with/);
  });

  it("passes over gradients that are said to be noise, in both ways of saying so", async () => {
    const grad_norm = { "fc.weight": norm(right.gradW), "fc.bias": 7 };
    expect(await reason({ meta: { grad_norm } })).toMatch(/gradient of fc\.bias/);
    expect(await reason({ meta: { grad_norm, ill_conditioned: ["fc.bias"] } })).toBe("passed");
    expect(await reason({ meta: { grad_norm, ill_conditioned: { "fc.bias": 0.1 } } })).toBe("passed");
  });

  it("pairs weights under made-up names by their norms", async () => {
    const grad_norm = { "layer.weight": norm(right.gradW), "fc.bias": norm(right.gradB) };
    expect(await reason({ meta: { grad_norm } })).toBe("passed");
    expect(await reason({ meta: { grad_norm: { ...grad_norm, "layer.weight": 9 } } })).toMatch(
      /^gradients under other names/,
    );
  });

  it("notices a file with other weights", async () => {
    expect(await reason({ w: off(weight, 1e-2) })).toMatch(/output 0.*gradient of/);
  });

  it("asks for a loss that falls", async () => {
    // Two rows alike of two classes, between which nothing is to be learned: all gradients are zero.
    const [x, w, b] = [[1, -2, 0.5, 1, -2, 0.5], weight.map(() => 0), [0, 0]];
    const { y, loss, gradX } = layer(w, b, x);
    const grad_norm = { "fc.weight": 0, "fc.bias": 0 };
    expect(await reason({ x, w, b, y, gradX, meta: { loss, grad_norm } })).toMatch(
      /^a step of gradient descent takes the loss/,
    );
  });
});
