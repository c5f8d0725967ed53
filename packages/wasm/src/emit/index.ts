import type { CallAttrs } from "@graftjs/tensor";
import { attention } from "./attention.ts";
import { batchNorm, batchNormGrad } from "./batchNorm.ts";
import { chain } from "./chain.ts";
import { conv2d, conv2dInputGrad, conv2dWeightGrad } from "./conv2d.ts";
import { copies } from "./copy.ts";
import { softmaxCrossEntropy, softmaxCrossEntropyGrad } from "./crossEntropy.ts";
import type { Emitter } from "./emitter.ts";
import { gather, indexAdd, indexSelect, scatter, scatterAdd } from "./indexing.ts";
import { layerNorm, layerNormGrad } from "./layerNorm.ts";
import { matmul } from "./matmul.ts";
import {
  adaptiveAvgPool2d,
  adaptiveAvgPool2dGrad,
  avgPool2d,
  avgPool2dGrad,
  maxPool2d,
  maxPool2dGrad,
} from "./pool.ts";
import { randomUniform } from "./randomUniform.ts";
import { argmax, argmin, max, min, prod, sum } from "./reduce.ts";
import { cumsum, linearRecurrence } from "./scan.ts";
import { logSoftmax, logSoftmaxGrad, softmax, softmaxGrad } from "./softmax.ts";
import { sort } from "./sort.ts";

/** How each kernel of a plan becomes commands. */
export const emitters: { readonly [K in keyof CallAttrs]: Emitter<K> } = {
  ...copies,
  adaptiveAvgPool2d,
  adaptiveAvgPool2dGrad,
  argmax,
  argmin,
  attention,
  avgPool2d,
  avgPool2dGrad,
  batchNorm,
  batchNormGrad,
  chain,
  conv2d,
  conv2dInputGrad,
  conv2dWeightGrad,
  cumsum,
  gather,
  indexAdd,
  indexSelect,
  layerNorm,
  layerNormGrad,
  linearRecurrence,
  logSoftmax,
  logSoftmaxGrad,
  matmul,
  max,
  maxPool2d,
  maxPool2dGrad,
  min,
  prod,
  randomUniform,
  scatter,
  scatterAdd,
  softmax,
  softmaxCrossEntropy,
  softmaxCrossEntropyGrad,
  softmaxGrad,
  sort,
  sum,
};
