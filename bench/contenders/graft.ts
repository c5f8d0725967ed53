import { type Classifier, LeNet, mobileNetV2, resnet18 } from "@graftjs/models";
import { compile, crossEntropy, noGrad } from "@graftjs/nn";
import { SGD } from "@graftjs/optim";
import { type Device, globalAvgPool2d, mean, tensor, useDevice } from "@graftjs/tensor";
import { wasm } from "@graftjs/wasm";
import type { Network } from "../networks/network.ts";
import { images, labels, weight } from "../networks/values.ts";
import type { Contender, Run, Settings } from "../protocol.ts";
import { version } from "../version.ts";
import { inputShape, type Workload } from "../workloads/workload.ts";

/** The networks that users get, not built from the benchmark's layers. */
const models: Readonly<Record<Network["name"], () => Classifier>> = {
  LeNet: () => new LeNet(),
  MobileNetV2: () => mobileNetV2({ dropout: 0 }),
  "ResNet-18": () => resnet18(),
};

function initialize(model: Classifier): void {
  let weights = 0;
  for (const [name, parameter] of model.namedParameters()) {
    if (parameter.rank > 1) parameter.assign(weight(weights++, parameter.shape));
    else if (name.endsWith("bias")) parameter.assign(new Float32Array(parameter.size));
  }
}

function features({ network, ...workload }: Workload, device: Device): Run {
  const model = models[network.name]();
  initialize(model);
  model.freeze();
  const run = compile((x) => globalAvgPool2d(model.forwardFeatures(x)), { device });
  const shape = inputShape({ network, ...workload });
  const x = tensor(images(shape), shape);
  return () => mean(noGrad(() => run(x))).item();
}

function trainingStep({ network, ...workload }: Workload, device: Device, mode: Settings["mode"]): Run {
  const { batch, learningRate, momentum } = workload;
  const model = models[network.name]();
  initialize(model);
  const optimizer = new SGD(model.parameters(), { learningRate, momentum });
  const shape = inputShape({ network, ...workload });
  const x = tensor(images(shape), shape);
  const y = tensor(labels(batch, network.classes));
  const step = (inputs: typeof x, targets: typeof y): typeof x => {
    optimizer.zeroGrad();
    const loss = crossEntropy(model.forward(inputs), targets);
    loss.backward();
    optimizer.step();
    return loss;
  };
  const run = mode === "eager" ? step : compile(step, { device });
  return () => run(x, y).item();
}

/** Graft on its WASM device. */
export const contender: Contender = {
  versions: { Graft: version("@graftjs/tensor") },
  prepare: async (workload, { threads = 2, mode = "compiled" }) => {
    const device = await wasm({ threads });
    useDevice(device);
    return workload.task === "features" ? features(workload, device) : trainingStep(workload, device, mode);
  },
};
