import { jit, lax, nn, numpy as np, valueAndGrad } from "@jax-js/jax";
import type { Layer } from "../networks/network.ts";
import { images, labels, weight } from "../networks/values.ts";
import type { Contender, Run } from "../protocol.ts";
import { version } from "../version.ts";
import { inputShape, type Workload } from "../workloads/workload.ts";

/** Weight and bias of each layer that has them, in order. */
type Parameters = np.Array[];

function initialize(layers: readonly Layer[]): Parameters {
  const shapes = layers.flatMap((layer): number[][] => {
    if (layer.type === "conv") return [[layer.out, layer.in / layer.groups, layer.kernel, layer.kernel]];
    return layer.type === "linear" ? [[layer.out, layer.in]] : [];
  });
  return shapes.flatMap((shape, index) => [
    np.array(weight(index, shape)).reshape(shape),
    np.zeros([shape[0] as number]),
  ]);
}

/** A function takes over its arguments here: what is used again is passed as `.ref`. */
function forward(layers: readonly Layer[], parameters: Parameters, x: np.Array): np.Array {
  const rest = [...parameters];
  const next = (): np.Array => rest.shift() as np.Array;
  for (const layer of layers) {
    if (layer.type === "conv") {
      const strides = [layer.stride, layer.stride];
      const padding: [number, number][] = [
        [layer.padding, layer.padding],
        [layer.padding, layer.padding],
      ];
      x = lax.convGeneralDilated(x, next(), strides, padding, { featureGroupCount: layer.groups });
      x = x.add(next().reshape([layer.out, 1, 1]));
    } else if (layer.type === "linear") x = np.matmul(x, next().transpose()).add(next());
    else if (layer.type === "relu") x = nn.relu(x);
    else if (layer.type === "maxPool" && layer.padding === 0) {
      x = lax.reduceWindow(x, (window) => np.max(window), [layer.kernel, layer.kernel], [layer.stride, layer.stride]);
    } else if (layer.type === "flatten") x = x.reshape([x.shape[0] as number, -1]);
    else throw new Error(`this benchmark has no ${layer.type} for jax-js`);
  }
  return x;
}

function trainingStep({ network, batch, learningRate, momentum, ...workload }: Workload): Run {
  const layers = [...network.features, ...network.head];
  const loss = (parameters: Parameters, x: np.Array, y: np.Array): np.Array => {
    const logProbabilities = nn.logSoftmax(forward(layers, parameters, x));
    return np.sum(logProbabilities.mul(nn.oneHot(y, network.classes))).mul(-1 / batch);
  };
  const step = jit((parameters: Parameters, velocities: Parameters, x: np.Array, y: np.Array) => {
    const [value, gradients] = valueAndGrad(loss)(
      parameters.map((p) => p.ref),
      x,
      y,
    );
    const updated = velocities.map((velocity, i) => velocity.mul(momentum).add(gradients[i] as np.Array));
    const moved = parameters.map((p, i) => p.sub((updated[i] as np.Array).ref.mul(learningRate)));
    return [moved, updated, value] as [Parameters, Parameters, np.Array];
  });
  const shape = inputShape({ network, batch, learningRate, momentum, ...workload });
  const x = np.array(images(shape)).reshape(shape);
  const y = np.array(labels(batch, network.classes));
  let parameters = initialize(layers);
  let velocities = parameters.map((p) => np.zeros(p.shape));
  return () => {
    const [moved, updated, value] = step(parameters, velocities, x.ref, y.ref);
    [parameters, velocities] = [moved, updated];
    return value.item();
  };
}

/** https://jax-js.com: compiled with `jit`, on its default device (WASM; one thread in Node, for want of a global `Worker`). */
export const contender: Contender = {
  versions: { "jax-js": version("@jax-js/jax") },
  prepare: async (workload) => {
    if (workload.task !== "step") throw new Error("not measured");
    return trainingStep(workload);
  },
};
