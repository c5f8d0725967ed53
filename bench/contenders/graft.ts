import { type Classifier, LeNet, mobileNetV2, resnet18 } from "@graftjs/models";
import { compile, crossEntropy, type Module, noGrad } from "@graftjs/nn";
import { SGD } from "@graftjs/optim";
import { type Device, globalAvgPool2d, mean, type Tensor, tensor, useDevice } from "@graftjs/tensor";
import { wasm } from "@graftjs/wasm";
import type { Network } from "../networks/network.ts";
import { images, labels, tokens, weight } from "../networks/values.ts";
import type { Contender, Settings } from "../protocol.ts";
import { version } from "../version.ts";
import { inputShape, type Workload } from "../workloads/workload.ts";
import { transformer } from "./graftTransformer.ts";

/** The networks that users get, not built from the benchmark's layers. */
const classifiers: Readonly<Partial<Record<Network["name"], () => Classifier>>> = {
  LeNet: () => new LeNet(),
  MobileNetV2: () => mobileNetV2({ dropout: 0 }),
  "ResNet-18": () => resnet18(),
};

function initialize(model: Module): void {
  let weights = 0;
  for (const [name, parameter] of model.namedParameters()) {
    if (parameter.rank > 1) parameter.assign(weight(weights++, parameter.shape));
    else if (name.endsWith("bias")) parameter.assign(new Float32Array(parameter.size));
  }
}

function features({ network, ...workload }: Workload, device: Device): () => number {
  const model = classifiers[network.name]?.();
  if (!model) throw new Error(`this benchmark reads no features of ${network.name}`);
  initialize(model);
  model.freeze();
  const run = compile((x) => globalAvgPool2d(model.forwardFeatures(x)), { device });
  const x = inputs({ network, ...workload });
  return () => mean(noGrad(() => run(x))).item();
}

/** Images as numbers, texts as indices. */
function inputs(workload: Workload): Tensor {
  const shape = inputShape(workload);
  const { vocabulary } = workload.network;
  return tensor(vocabulary ? tokens(shape, vocabulary) : images(shape), shape);
}

function trainingStep({ network, ...workload }: Workload, device: Device, mode: Settings["mode"]): () => number {
  const { batch, learningRate, momentum } = workload;
  const model = classifiers[network.name]?.() ?? transformer(network);
  initialize(model);
  const optimizer = new SGD(model.parameters(), { learningRate, momentum });
  const x = inputs({ network, ...workload });
  const y = tensor(labels(batch, network.classes));
  const step = (input: Tensor, targets: Tensor): Tensor => {
    optimizer.zeroGrad();
    const loss = crossEntropy(model.forward(input), targets);
    loss.backward();
    optimizer.step();
    return loss;
  };
  const run = mode === "eager" ? step : compile(step, { device });
  return () => run(x, y).item();
}

/** A function that runs a workload once. */
export function prepare(workload: Workload, device: Device, mode: Settings["mode"]): () => number {
  return workload.task === "features" ? features(workload, device) : trainingStep(workload, device, mode);
}

/** Graft on its WASM device. */
export const contender: Contender = {
  versions: { Graft: version("@graftjs/tensor") },
  prepare: async (workload, { threads = 2, mode = "compiled" }) => {
    const device = await wasm({ threads });
    useDevice(device);
    return prepare(workload, device, mode);
  },
};
