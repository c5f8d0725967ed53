// node --conditions=@graftjs/source bench/loadOnce.ts NETWORK: one line of JSON, how long a fresh process takes from an
// ONNX file in memory to its first features. Times in milliseconds.
import { importModel } from "@graftjs/onnx";
import { compile, noGrad, type Tensor, tensor } from "@graftjs/tensor";
import { wasm } from "@graftjs/wasm";
import { mobileNetV2 } from "./networks/mobileNetV2.ts";
import { onnxFeatures } from "./networks/onnx.ts";
import { resnet18 } from "./networks/resnet18.ts";
import { images } from "./networks/values.ts";

const network = [mobileNetV2, resnet18].find(({ name }) => name === process.argv[2]);
if (!network) throw new Error(`there is no network ${process.argv[2]} here`);
const bytes = onnxFeatures(network);
const shape = [1, ...network.input];
const x = tensor(images(shape), shape);

/** Milliseconds that `work` takes, and what it comes to. */
async function timed<T>(work: () => T | Promise<T>): Promise<[milliseconds: number, result: T]> {
  const start = performance.now();
  const result = await work();
  return [performance.now() - start, result];
}

const [start, device] = await timed(() => wasm({ threads: 2 }));
const [imported, model] = await timed(() => importModel(bytes).freeze());
const run = compile((input: Tensor) => noGrad(() => model.forward(input)), { device });
const [first, features] = await timed(() => run(x));
const [second] = await timed(() => run(x));
console.log(
  JSON.stringify({ start, import: imported, first, second, finite: features.toArray().every(Number.isFinite) }),
);
device.close();
