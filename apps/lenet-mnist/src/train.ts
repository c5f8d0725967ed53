import { DataLoader, type Dataset } from "@graftjs/data";
import { CrossEntropyLoss, compile, type Module } from "@graftjs/nn";
import { SGD } from "@graftjs/optim";
import type { Device, Tensor } from "@graftjs/tensor";
import { argmax, useDevice } from "@graftjs/tensor";

/** The two ways to run the same code: op by op, or each step as one program. */
export type Mode = "eager" | "compiled";

/** How the code runs: the device, and on it each op at once, or whole functions. */
export interface Execution {
  readonly mode: Mode;
  readonly device: Device;
}

/** `fn` as it is, or as one program, on the device. */
function prepare<In extends readonly Tensor[]>(fn: (...inputs: In) => Tensor, { mode, device }: Execution): typeof fn {
  useDevice(device);
  return mode === "compiled" ? compile(fn, { device }) : fn;
}

export interface TrainOptions extends Execution {
  readonly epochs: number;
  readonly batchSize: number;
  readonly seed: number;
  /** The running loss is reported after this many batches. */
  readonly reportEvery: number;
  report(line: string): void;
}

/** The tutorial's training loop. Returns the losses that were reported. */
export async function train(net: Module, dataset: Dataset, options: TrainOptions): Promise<number[]> {
  const { epochs, batchSize, seed, reportEvery, report } = options;
  const trainLoader = new DataLoader(dataset, { batchSize, shuffle: true, seed });
  const criterion = new CrossEntropyLoss();
  const optimizer = new SGD(net.parameters(), { learningRate: 0.001, momentum: 0.9 });

  const step = prepare((inputs: Tensor, labels: Tensor) => {
    // zero the parameter gradients
    optimizer.zeroGrad();
    // forward + backward + optimize
    const outputs = net.forward(inputs);
    const loss = criterion.forward(outputs, labels);
    loss.backward();
    optimizer.step();
    return loss.detach();
  }, options);

  const reported: number[] = [];
  net.train();
  for (let epoch = 0; epoch < epochs; epoch++) {
    // loop over the dataset multiple times
    let runningLoss = 0;
    let i = 0;
    for await (const { inputs, labels } of trainLoader.epoch(epoch)) {
      const loss = step(inputs, labels);
      // print statistics
      runningLoss += loss.item();
      if (++i % reportEvery === 0) {
        report(`[${epoch + 1}, ${String(i).padStart(5)}] loss: ${(runningLoss / reportEvery).toFixed(3)}`);
        reported.push(runningLoss / reportEvery);
        runningLoss = 0;
      }
    }
  }
  report("Finished Training");
  return reported;
}

export interface Evaluation {
  readonly correct: number;
  readonly total: number;
  /** For each class: how many of its images were recognised, and how many there are. */
  readonly classes: readonly { readonly correct: number; readonly total: number }[];
}

/** Counts, over all images and class by class, how often the network is right. */
export async function evaluate(net: Module, dataset: Dataset, execution: Execution): Promise<Evaluation> {
  const testLoader = new DataLoader(dataset, { batchSize: 100 });
  net.eval();
  const predict = prepare((inputs: Tensor) => argmax(net.forward(inputs), 1), execution);
  const classes = Array.from({ length: 10 }, () => ({ correct: 0, total: 0 }));
  for await (const { inputs, labels } of testLoader.epoch(0)) {
    const predictions = predict(inputs).toArray();
    labels.toArray().forEach((label: number, i: number) => {
      const counts = classes[label] as { correct: number; total: number };
      counts.total++;
      if (predictions[i] === label) counts.correct++;
    });
  }
  const sum = (key: "correct" | "total"): number => classes.reduce((n, c) => n + c[key], 0);
  return { correct: sum("correct"), total: sum("total"), classes };
}
