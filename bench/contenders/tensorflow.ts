import * as tf from "@tensorflow/tfjs";
import "@tensorflow/tfjs-backend-wasm";
import type { Layer } from "../networks/network.ts";
import { images, labels, weight } from "../networks/values.ts";
import type { Contender, Run } from "../protocol.ts";
import { version } from "../version.ts";
import { inputShape, type Workload } from "../workloads/workload.ts";

type Forward = (x: tf.Tensor4D) => tf.Tensor;

/** Layers as a function on NHWC images, TensorFlow's own layout. */
function build(layers: readonly Layer[], weights = { count: 0 }): Forward {
  const functions = layers.map((layer) => buildLayer(layer, weights));
  return (x) => functions.reduce((value: tf.Tensor, fn) => fn(value as tf.Tensor4D), x);
}

function buildLayer(layer: Layer, weights: { count: number }): Forward {
  switch (layer.type) {
    case "conv": {
      const { in: channels, out, kernel, stride, padding, groups } = layer;
      const shape = [out, channels / groups, kernel, kernel] as [number, number, number, number];
      const oihw = tf.tensor4d(weight(weights.count++, shape), shape);
      const bias = layer.bias ? tf.variable(tf.zeros([out])) : undefined;
      if (groups === 1) {
        const filter = tf.variable(oihw.transpose<tf.Tensor4D>([2, 3, 1, 0]));
        return (x) => withBias(tf.conv2d(x, filter, stride, padding), bias);
      }
      // [O, 1, H, W] → [H, W, O, 1]: one filter a channel.
      const filter = tf.variable(oihw.transpose<tf.Tensor4D>([2, 3, 0, 1]));
      return (x) => withBias(tf.depthwiseConv2d(x, filter, stride, padding), bias);
    }
    case "batchNorm": {
      const [mean, offset] = [tf.zeros([layer.channels]), tf.variable(tf.zeros([layer.channels]))];
      const [variance, scale] = [tf.ones([layer.channels]), tf.variable(tf.ones([layer.channels]))];
      return (x) => tf.batchNorm(x, mean as tf.Tensor1D, variance as tf.Tensor1D, offset, scale, 1e-5);
    }
    case "relu":
      return tf.relu;
    case "relu6":
      return tf.relu6;
    case "maxPool":
      return (x) => tf.maxPool(x, layer.kernel, layer.stride, layer.padding);
    case "globalAvgPool":
      return (x) => tf.mean(x, [1, 2]);
    case "flatten":
      // Channels first, as in PyTorch, so that the weights of the next layer mean the same.
      return (x) => x.transpose([0, 3, 1, 2]).reshape([x.shape[0], -1]);
    case "linear": {
      const shape = [layer.out, layer.in] as [number, number];
      const matrix = tf.variable(tf.tensor2d(weight(weights.count++, shape), shape).transpose<tf.Tensor2D>());
      const bias = tf.variable(tf.zeros([layer.out]));
      return (x) => withBias(tf.matMul(x as tf.Tensor, matrix), bias);
    }
    case "residual": {
      const [main, shortcut] = [build(layer.main, weights), build(layer.shortcut, weights)];
      return (x) => tf.add(main(x), shortcut(x));
    }
    default:
      throw new Error(`this benchmark has no ${layer.type} for TensorFlow.js`);
  }
}

function withBias(x: tf.Tensor, bias: tf.Tensor | undefined): tf.Tensor {
  return bias ? tf.add(x, bias) : x;
}

function inputs(workload: Workload): tf.Tensor4D {
  const shape = inputShape(workload);
  return tf.tensor4d(images(shape), shape as [number, number, number, number]).transpose([0, 2, 3, 1]);
}

function features(workload: Workload): Run {
  const forward = build(workload.network.features);
  const x = inputs(workload);
  return () => tf.tidy(() => tf.mean(forward(x)).dataSync()[0] as number);
}

function trainingStep(workload: Workload): Run {
  const { network, batch, learningRate, momentum } = workload;
  const forward = build([...network.features, ...network.head]);
  const optimizer = tf.train.momentum(learningRate, momentum);
  const x = inputs(workload);
  const y = tf.oneHot(tf.tensor1d(labels(batch, network.classes), "int32"), network.classes);
  return () => {
    const loss = optimizer.minimize(() => tf.losses.softmaxCrossEntropy(y, forward(x)) as tf.Scalar, true) as tf.Scalar;
    const value = loss.dataSync()[0] as number;
    loss.dispose();
    return value;
  };
}

/** https://www.tensorflow.org/js; in Node, its WASM backend has one thread. */
export const contender: Contender = {
  versions: { "TensorFlow.js": version("@tensorflow/tfjs") },
  prepare: async (workload, { backend = "cpu" }) => {
    await tf.setBackend(backend);
    await tf.ready();
    return workload.task === "features" ? features(workload) : trainingStep(workload);
  },
};
