// Memory stays flat: trains a small network for 10,000 compiled and 10,000 eager steps, prints what memory there is on
// the way, and fails if it grows. `node --conditions=@graftjs/source bench/memory.ts [STEPS]`
import { setImmediate as turn } from "node:timers/promises";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { BatchNorm2d, Conv2d, crossEntropy, Dropout, Flatten, Linear, MaxPool2d, ReLU, Sequential } from "@graftjs/nn";
import { SGD } from "@graftjs/optim";
import { compile, Generator, randomNormal, type Tensor, tensor, useDevice } from "@graftjs/tensor";
import { wasm } from "@graftjs/wasm";

const MIB = 2 ** 20;
const steps = Number(process.argv[2] ?? 10_000);
const INTERVALS = 10;
/**
 * What caches, compiled code and the collector's own bookkeeping may still add after the first interval; in the device's
 * memory, the results of eager ops that lie there before they have to leave.
 */
const slack = { rss: 48 * MIB, heap: 4 * MIB, buffers: MIB, wasmUsed: 4 * MIB, wasmTotal: 5 * MIB };

type Sample = { readonly [K in keyof typeof slack]: number };

setFlagsFromString("--expose-gc");
// V8 lets its young generation grow to hundreds of MiB where garbage comes fast, which would hide what is kept.
setFlagsFromString("--semi-space-growth-factor=1");
const collect = runInNewContext("gc") as () => void;
const device = await wasm();

/** What is in use once everything that can be freed is. */
async function sample(): Promise<Sample> {
  for (let i = 0; i < 4; i++) {
    collect();
    // Finalisers run between turns.
    await turn();
  }
  const { rss, heapUsed, arrayBuffers } = process.memoryUsage();
  return { rss, heap: heapUsed, buffers: arrayBuffers, wasmUsed: device.usedBytes, wasmTotal: device.totalBytes };
}

function trainingStep(): (x: Tensor, target: Tensor) => Tensor {
  const generator = new Generator(1);
  const net = new Sequential(
    new Conv2d(1, 4, 3, { padding: 1, generator }),
    new BatchNorm2d(4),
    new ReLU(),
    new MaxPool2d(2),
    new Dropout(0.2, { generator }),
    new Flatten(),
    new Linear(64, 5, { generator }),
  );
  const optimizer = new SGD(net.parameters(), { learningRate: 0.01, momentum: 0.9 });
  return (x, target) => {
    const loss = crossEntropy(net.forward(x), target);
    optimizer.zeroGrad();
    loss.backward();
    optimizer.step();
    return loss;
  };
}

/** Runs all steps, and returns what grew. */
async function run(name: string, step: (x: Tensor, target: Tensor) => Tensor): Promise<string[]> {
  console.log(`\n${name}\n  step      loss   RSS MiB  heap MiB  buffers MiB  wasm used MiB  wasm total MiB`);
  const generator = new Generator(2);
  const target = tensor(Int32Array.of(0, 1, 2, 3), [4]);
  let first: Sample | undefined;
  let last: Sample | undefined;
  for (let interval = 0; interval < INTERVALS; interval++) {
    let loss: Tensor | undefined;
    for (let i = 0; i < steps / INTERVALS; i++) loss = step(randomNormal([4, 1, 8, 8], generator), target);
    const lossValue = loss?.item() ?? Number.NaN;
    loss = undefined;
    last = await sample();
    first ??= last;
    const columns = [last.rss, last.heap, last.buffers, last.wasmUsed, last.wasmTotal];
    const numbers = columns.map((bytes, i) => (bytes / MIB).toFixed(2).padStart([9, 10, 13, 15, 16][i] as number));
    console.log(
      `${String(((interval + 1) * steps) / INTERVALS).padStart(6)}${lossValue.toFixed(4).padStart(10)}${numbers.join("")}`,
    );
  }
  const [from, to] = [first as Sample, last as Sample];
  return (Object.keys(slack) as (keyof Sample)[])
    .filter((key) => to[key] > from[key] + slack[key])
    .map((key) => `${name}: ${key} grew from ${(from[key] / MIB).toFixed(2)} to ${(to[key] / MIB).toFixed(2)} MiB`);
}

const compiled = await run(`${steps} compiled steps on ${device.name}`, compile(trainingStep(), { device }));
useDevice(device);
const eager = await run(`${steps} eager steps on ${device.name}`, trainingStep());
const grown = [...compiled, ...eager];
console.log(grown.length > 0 ? `\n${grown.join("\n")}` : "\nMemory stayed flat.");
process.exitCode = grown.length > 0 ? 1 : 0;
device.close();
