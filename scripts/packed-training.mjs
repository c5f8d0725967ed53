// Trains a small network with what npm would install, on whatever runs this, with one thread and with two.
import { Conv2d, crossEntropy, Flatten, Linear, MaxPool2d, ReLU, Sequential } from "@graftjs/nn";
import { SGD } from "@graftjs/optim";
import { compile, Generator, randomUniform, tensor } from "@graftjs/tensor";
import { wasm } from "@graftjs/wasm";

async function train(threads) {
  // `parallelFrom: 0`: even work as small as this is split.
  const device = await wasm({ threads, parallelFrom: 0 });
  const generator = new Generator(1);
  const net = new Sequential(
    new Conv2d(1, 4, 3, { generator }),
    new ReLU(),
    new MaxPool2d(2),
    new Flatten(),
    new Linear(36, 3, { generator }),
  );
  const optimizer = new SGD(net.parameters(), { learningRate: 0.1, momentum: 0.9 });
  const step = compile(
    (x, y) => {
      optimizer.zeroGrad();
      const loss = crossEntropy(net.forward(x), y);
      loss.backward();
      optimizer.step();
      return loss;
    },
    { device },
  );
  const [x, y] = [randomUniform([6, 1, 8, 8], generator), tensor(Int32Array.of(0, 1, 2, 0, 1, 2))];
  return Array.from({ length: 50 }, () => step(x, y).item());
}

const losses = await train(1);
if (!(losses.at(-1) < losses[0] / 2)) throw new Error(`the loss went from ${losses[0]} to ${losses.at(-1)}`);
if (String(await train(2)) !== String(losses)) throw new Error("two threads give other losses than one");
