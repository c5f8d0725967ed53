import type { Operator } from "../operator.ts";
import { absOperator } from "./abs.ts";
import { addOperator } from "./add.ts";
import { averagePoolOperator } from "./averagePool.ts";
import { batchNormalizationOperator } from "./batchNormalization.ts";
import { castOperator } from "./cast.ts";
import { castLikeOperator } from "./castLike.ts";
import { ceilOperator } from "./ceil.ts";
import { clipOperator } from "./clip.ts";
import { concatOperator } from "./concat.ts";
import { constantOperator } from "./constant.ts";
import { constantOfShapeOperator } from "./constantOfShape.ts";
import { convOperator } from "./conv.ts";
import { divOperator } from "./div.ts";
import { dropoutOperator } from "./dropout.ts";
import { eluOperator } from "./elu.ts";
import { equalOperator } from "./equal.ts";
import { erfOperator } from "./erf.ts";
import { expOperator } from "./exp.ts";
import { expandOperator } from "./expand.ts";
import { flattenOperator } from "./flatten.ts";
import { floorOperator } from "./floor.ts";
import { gatherOperator } from "./gather.ts";
import { geluOperator } from "./gelu.ts";
import { gemmOperator } from "./gemm.ts";
import { globalAveragePoolOperator } from "./globalAveragePool.ts";
import { globalMaxPoolOperator } from "./globalMaxPool.ts";
import { greaterOperator } from "./greater.ts";
import { greaterEqualOperator } from "./greaterEqual.ts";
import { hardSigmoidOperator } from "./hardSigmoid.ts";
import { hardSwishOperator } from "./hardSwish.ts";
import { identityOperator } from "./identity.ts";
import { layerNormalizationOperator } from "./layerNormalization.ts";
import { leakyReluOperator } from "./leakyRelu.ts";
import { lessOperator } from "./less.ts";
import { lessEqualOperator } from "./lessEqual.ts";
import { logOperator } from "./log.ts";
import { logSoftmaxOperator } from "./logSoftmax.ts";
import { matMulOperator } from "./matMul.ts";
import { maxPoolOperator } from "./maxPool.ts";
import { modOperator } from "./mod.ts";
import { mulOperator } from "./mul.ts";
import { negOperator } from "./neg.ts";
import { notOperator } from "./not.ts";
import { padOperator } from "./pad.ts";
import { powOperator } from "./pow.ts";
import { pReluOperator } from "./pRelu.ts";
import { rangeOperator } from "./range.ts";
import { reciprocalOperator } from "./reciprocal.ts";
import { reduceMeanOperator } from "./reduceMean.ts";
import { reduceSumOperator } from "./reduceSum.ts";
import { reluOperator } from "./relu.ts";
import { reshapeOperator } from "./reshape.ts";
import { seluOperator } from "./selu.ts";
import { shapeOperator } from "./shape.ts";
import { sigmoidOperator } from "./sigmoid.ts";
import { sliceOperator } from "./slice.ts";
import { softmaxOperator } from "./softmax.ts";
import { softplusOperator } from "./softplus.ts";
import { splitOperator } from "./split.ts";
import { sqrtOperator } from "./sqrt.ts";
import { squeezeOperator } from "./squeeze.ts";
import { subOperator } from "./sub.ts";
import { sumOperator } from "./sum.ts";
import { tanhOperator } from "./tanh.ts";
import { transposeOperator } from "./transpose.ts";
import { unsqueezeOperator } from "./unsqueeze.ts";
import { whereOperator } from "./where.ts";

/** All operators that are imported; the support table in the documentation is generated from this list. */
export const operators: readonly Operator[] = [
  absOperator,
  addOperator,
  averagePoolOperator,
  batchNormalizationOperator,
  castOperator,
  castLikeOperator,
  ceilOperator,
  clipOperator,
  concatOperator,
  constantOperator,
  constantOfShapeOperator,
  convOperator,
  divOperator,
  dropoutOperator,
  eluOperator,
  equalOperator,
  erfOperator,
  expOperator,
  expandOperator,
  flattenOperator,
  floorOperator,
  gatherOperator,
  geluOperator,
  gemmOperator,
  globalAveragePoolOperator,
  globalMaxPoolOperator,
  greaterOperator,
  greaterEqualOperator,
  hardSigmoidOperator,
  hardSwishOperator,
  identityOperator,
  layerNormalizationOperator,
  leakyReluOperator,
  lessOperator,
  lessEqualOperator,
  logOperator,
  logSoftmaxOperator,
  matMulOperator,
  maxPoolOperator,
  modOperator,
  mulOperator,
  negOperator,
  notOperator,
  pReluOperator,
  padOperator,
  powOperator,
  rangeOperator,
  reciprocalOperator,
  reduceMeanOperator,
  reduceSumOperator,
  reluOperator,
  reshapeOperator,
  seluOperator,
  shapeOperator,
  sigmoidOperator,
  sliceOperator,
  softmaxOperator,
  softplusOperator,
  splitOperator,
  sqrtOperator,
  squeezeOperator,
  subOperator,
  sumOperator,
  tanhOperator,
  transposeOperator,
  unsqueezeOperator,
  whereOperator,
];
