import type { Operator } from "../operator.ts";
import { absOperator } from "./abs.ts";
import { acosOperator } from "./acos.ts";
import { acoshOperator } from "./acosh.ts";
import { addOperator } from "./add.ts";
import { affineGridOperator } from "./affineGrid.ts";
import { andOperator } from "./and.ts";
import { argMaxOperator } from "./argMax.ts";
import { argMinOperator } from "./argMin.ts";
import { asinOperator } from "./asin.ts";
import { asinhOperator } from "./asinh.ts";
import { atanOperator } from "./atan.ts";
import { atanhOperator } from "./atanh.ts";
import { attentionOperator } from "./attention.ts";
import { averagePoolOperator } from "./averagePool.ts";
import { batchNormalizationOperator } from "./batchNormalization.ts";
import { bernoulliOperator } from "./bernoulli.ts";
import { bitShiftOperator } from "./bitShift.ts";
import { bitwiseAndOperator } from "./bitwiseAnd.ts";
import { bitwiseNotOperator } from "./bitwiseNot.ts";
import { bitwiseOrOperator } from "./bitwiseOr.ts";
import { bitwiseXorOperator } from "./bitwiseXor.ts";
import { blackmanWindowOperator } from "./blackmanWindow.ts";
import { castOperator } from "./cast.ts";
import { castLikeOperator } from "./castLike.ts";
import { causalConvWithStateOperator } from "./causalConvWithState.ts";
import { ceilOperator } from "./ceil.ts";
import { celuOperator } from "./celu.ts";
import { centerCropPadOperator } from "./centerCropPad.ts";
import { clipOperator } from "./clip.ts";
import { col2ImOperator } from "./col2Im.ts";
import { compressOperator } from "./compress.ts";
import { concatOperator } from "./concat.ts";
import { concatFromSequenceOperator } from "./concatFromSequence.ts";
import { constantOperator } from "./constant.ts";
import { constantOfShapeOperator } from "./constantOfShape.ts";
import { convOperator } from "./conv.ts";
import { convTransposeOperator } from "./convTranspose.ts";
import { cosOperator } from "./cos.ts";
import { coshOperator } from "./cosh.ts";
import { cumProdOperator } from "./cumProd.ts";
import { cumSumOperator } from "./cumSum.ts";
import { deformConvOperator } from "./deformConv.ts";
import { depthToSpaceOperator } from "./depthToSpace.ts";
import { detOperator } from "./det.ts";
import { dftOperator } from "./dft.ts";
import { divOperator } from "./div.ts";
import { dropoutOperator } from "./dropout.ts";
import { einsumOperator } from "./einsum.ts";
import { eluOperator } from "./elu.ts";
import { equalOperator } from "./equal.ts";
import { erfOperator } from "./erf.ts";
import { expOperator } from "./exp.ts";
import { expandOperator } from "./expand.ts";
import { eyeLikeOperator } from "./eyeLike.ts";
import { flattenOperator } from "./flatten.ts";
import { floorOperator } from "./floor.ts";
import { gatherOperator } from "./gather.ts";
import { gatherElementsOperator } from "./gatherElements.ts";
import { gatherNDOperator } from "./gatherND.ts";
import { geluOperator } from "./gelu.ts";
import { gemmOperator } from "./gemm.ts";
import { globalAveragePoolOperator } from "./globalAveragePool.ts";
import { globalLpPoolOperator } from "./globalLpPool.ts";
import { globalMaxPoolOperator } from "./globalMaxPool.ts";
import { greaterOperator } from "./greater.ts";
import { greaterEqualOperator } from "./greaterEqual.ts";
import { gridSampleOperator } from "./gridSample.ts";
import { groupNormalizationOperator } from "./groupNormalization.ts";
import { gruOperator } from "./gru.ts";
import { hammingWindowOperator } from "./hammingWindow.ts";
import { hannWindowOperator } from "./hannWindow.ts";
import { hardmaxOperator } from "./hardmax.ts";
import { hardSigmoidOperator } from "./hardSigmoid.ts";
import { hardSwishOperator } from "./hardSwish.ts";
import { identityOperator } from "./identity.ts";
import { ifOperator } from "./if.ts";
import { instanceNormalizationOperator } from "./instanceNormalization.ts";
import { isInfOperator } from "./isInf.ts";
import { isNaNOperator } from "./isNaN.ts";
import { layerNormalizationOperator } from "./layerNormalization.ts";
import { leakyReluOperator } from "./leakyRelu.ts";
import { lessOperator } from "./less.ts";
import { lessEqualOperator } from "./lessEqual.ts";
import { linearAttentionOperator } from "./linearAttention.ts";
import { logOperator } from "./log.ts";
import { logSoftmaxOperator } from "./logSoftmax.ts";
import { loopOperator } from "./loop.ts";
import { lpNormalizationOperator } from "./lpNormalization.ts";
import { lpPoolOperator } from "./lpPool.ts";
import { lrnOperator } from "./lrn.ts";
import { lstmOperator } from "./lstm.ts";
import { matMulOperator } from "./matMul.ts";
import { maxOperator } from "./max.ts";
import { maxPoolOperator } from "./maxPool.ts";
import { maxRoiPoolOperator } from "./maxRoiPool.ts";
import { maxUnpoolOperator } from "./maxUnpool.ts";
import { meanOperator } from "./mean.ts";
import { meanVarianceNormalizationOperator } from "./meanVarianceNormalization.ts";
import { melWeightMatrixOperator } from "./melWeightMatrix.ts";
import { minOperator } from "./min.ts";
import { mishOperator } from "./mish.ts";
import { modOperator } from "./mod.ts";
import { mulOperator } from "./mul.ts";
import { multinomialOperator } from "./multinomial.ts";
import { negOperator } from "./neg.ts";
import { negativeLogLikelihoodLossOperator } from "./negativeLogLikelihoodLoss.ts";
import { nonZeroOperator } from "./nonZero.ts";
import { notOperator } from "./not.ts";
import { oneHotOperator } from "./oneHot.ts";
import { optionalOperator } from "./optional.ts";
import { optionalGetElementOperator } from "./optionalGetElement.ts";
import { optionalHasElementOperator } from "./optionalHasElement.ts";
import { orOperator } from "./or.ts";
import { padOperator } from "./pad.ts";
import { powOperator } from "./pow.ts";
import { pReluOperator } from "./pRelu.ts";
import { randomNormalOperator } from "./randomNormal.ts";
import { randomNormalLikeOperator } from "./randomNormalLike.ts";
import { randomUniformOperator } from "./randomUniform.ts";
import { randomUniformLikeOperator } from "./randomUniformLike.ts";
import { rangeOperator } from "./range.ts";
import { reciprocalOperator } from "./reciprocal.ts";
import { reduceL1Operator } from "./reduceL1.ts";
import { reduceL2Operator } from "./reduceL2.ts";
import { reduceLogSumOperator } from "./reduceLogSum.ts";
import { reduceLogSumExpOperator } from "./reduceLogSumExp.ts";
import { reduceMaxOperator } from "./reduceMax.ts";
import { reduceMeanOperator } from "./reduceMean.ts";
import { reduceMinOperator } from "./reduceMin.ts";
import { reduceProdOperator } from "./reduceProd.ts";
import { reduceSumOperator } from "./reduceSum.ts";
import { reduceSumSquareOperator } from "./reduceSumSquare.ts";
import { reluOperator } from "./relu.ts";
import { reshapeOperator } from "./reshape.ts";
import { resizeOperator } from "./resize.ts";
import { reverseSequenceOperator } from "./reverseSequence.ts";
import { rmsNormalizationOperator } from "./rmsNormalization.ts";
import { rnnOperator } from "./rnn.ts";
import { roiAlignOperator } from "./roiAlign.ts";
import { rotaryEmbeddingOperator } from "./rotaryEmbedding.ts";
import { roundOperator } from "./round.ts";
import { scanOperator } from "./scan.ts";
import { scatterOperator } from "./scatter.ts";
import { scatterElementsOperator } from "./scatterElements.ts";
import { scatterNDOperator } from "./scatterND.ts";
import { seluOperator } from "./selu.ts";
import { sequenceAtOperator } from "./sequenceAt.ts";
import { sequenceConstructOperator } from "./sequenceConstruct.ts";
import { sequenceEmptyOperator } from "./sequenceEmpty.ts";
import { sequenceEraseOperator } from "./sequenceErase.ts";
import { sequenceInsertOperator } from "./sequenceInsert.ts";
import { sequenceLengthOperator } from "./sequenceLength.ts";
import { sequenceMapOperator } from "./sequenceMap.ts";
import { shapeOperator } from "./shape.ts";
import { shrinkOperator } from "./shrink.ts";
import { sigmoidOperator } from "./sigmoid.ts";
import { signOperator } from "./sign.ts";
import { sinOperator } from "./sin.ts";
import { sinhOperator } from "./sinh.ts";
import { sizeOperator } from "./size.ts";
import { sliceOperator } from "./slice.ts";
import { softmaxOperator } from "./softmax.ts";
import { softmaxCrossEntropyLossOperator } from "./softmaxCrossEntropyLoss.ts";
import { softplusOperator } from "./softplus.ts";
import { softsignOperator } from "./softsign.ts";
import { spaceToDepthOperator } from "./spaceToDepth.ts";
import { splitOperator } from "./split.ts";
import { splitToSequenceOperator } from "./splitToSequence.ts";
import { sqrtOperator } from "./sqrt.ts";
import { squeezeOperator } from "./squeeze.ts";
import { stftOperator } from "./stft.ts";
import { subOperator } from "./sub.ts";
import { sumOperator } from "./sum.ts";
import { swiGLUOperator } from "./swiGLU.ts";
import { swishOperator } from "./swish.ts";
import { tanOperator } from "./tan.ts";
import { tanhOperator } from "./tanh.ts";
import { tensorScatterOperator } from "./tensorScatter.ts";
import { thresholdedReluOperator } from "./thresholdedRelu.ts";
import { tileOperator } from "./tile.ts";
import { topKOperator } from "./topK.ts";
import { transposeOperator } from "./transpose.ts";
import { triluOperator } from "./trilu.ts";
import { uniqueOperator } from "./unique.ts";
import { unsqueezeOperator } from "./unsqueeze.ts";
import { upsampleOperator } from "./upsample.ts";
import { whereOperator } from "./where.ts";
import { xorOperator } from "./xor.ts";

/** All operators that are imported; the support table in the documentation is generated from this list. */
export const operators: readonly Operator[] = [
  absOperator,
  acoshOperator,
  acosOperator,
  addOperator,
  affineGridOperator,
  andOperator,
  argMaxOperator,
  argMinOperator,
  asinhOperator,
  asinOperator,
  atanhOperator,
  atanOperator,
  attentionOperator,
  averagePoolOperator,
  batchNormalizationOperator,
  bernoulliOperator,
  blackmanWindowOperator,
  bitShiftOperator,
  bitwiseAndOperator,
  bitwiseNotOperator,
  bitwiseOrOperator,
  bitwiseXorOperator,
  castLikeOperator,
  castOperator,
  causalConvWithStateOperator,
  ceilOperator,
  celuOperator,
  centerCropPadOperator,
  clipOperator,
  col2ImOperator,
  compressOperator,
  concatFromSequenceOperator,
  concatOperator,
  constantOfShapeOperator,
  constantOperator,
  convOperator,
  convTransposeOperator,
  coshOperator,
  cosOperator,
  cumProdOperator,
  cumSumOperator,
  deformConvOperator,
  depthToSpaceOperator,
  detOperator,
  dftOperator,
  divOperator,
  dropoutOperator,
  einsumOperator,
  eluOperator,
  equalOperator,
  erfOperator,
  expandOperator,
  expOperator,
  eyeLikeOperator,
  flattenOperator,
  floorOperator,
  gatherElementsOperator,
  gatherOperator,
  gatherNDOperator,
  geluOperator,
  gemmOperator,
  globalAveragePoolOperator,
  globalLpPoolOperator,
  globalMaxPoolOperator,
  greaterEqualOperator,
  greaterOperator,
  gridSampleOperator,
  groupNormalizationOperator,
  gruOperator,
  hammingWindowOperator,
  hannWindowOperator,
  hardmaxOperator,
  hardSigmoidOperator,
  hardSwishOperator,
  identityOperator,
  ifOperator,
  instanceNormalizationOperator,
  isInfOperator,
  isNaNOperator,
  layerNormalizationOperator,
  leakyReluOperator,
  lessEqualOperator,
  lessOperator,
  linearAttentionOperator,
  logOperator,
  logSoftmaxOperator,
  loopOperator,
  lpNormalizationOperator,
  lpPoolOperator,
  lrnOperator,
  lstmOperator,
  matMulOperator,
  maxOperator,
  maxPoolOperator,
  maxRoiPoolOperator,
  maxUnpoolOperator,
  meanOperator,
  meanVarianceNormalizationOperator,
  melWeightMatrixOperator,
  minOperator,
  mishOperator,
  modOperator,
  mulOperator,
  multinomialOperator,
  negativeLogLikelihoodLossOperator,
  negOperator,
  nonZeroOperator,
  notOperator,
  oneHotOperator,
  optionalGetElementOperator,
  optionalHasElementOperator,
  optionalOperator,
  orOperator,
  padOperator,
  powOperator,
  pReluOperator,
  randomNormalOperator,
  randomNormalLikeOperator,
  randomUniformOperator,
  randomUniformLikeOperator,
  rangeOperator,
  reciprocalOperator,
  reduceL1Operator,
  reduceL2Operator,
  reduceLogSumOperator,
  reduceLogSumExpOperator,
  reduceMaxOperator,
  reduceMeanOperator,
  reduceMinOperator,
  reduceProdOperator,
  reduceSumOperator,
  reduceSumSquareOperator,
  reluOperator,
  reshapeOperator,
  resizeOperator,
  reverseSequenceOperator,
  rmsNormalizationOperator,
  rnnOperator,
  roiAlignOperator,
  rotaryEmbeddingOperator,
  roundOperator,
  scanOperator,
  scatterOperator,
  scatterElementsOperator,
  scatterNDOperator,
  seluOperator,
  sequenceAtOperator,
  sequenceConstructOperator,
  sequenceEmptyOperator,
  sequenceEraseOperator,
  sequenceInsertOperator,
  sequenceLengthOperator,
  sequenceMapOperator,
  shapeOperator,
  shrinkOperator,
  sigmoidOperator,
  signOperator,
  sinhOperator,
  sinOperator,
  sizeOperator,
  sliceOperator,
  softmaxCrossEntropyLossOperator,
  softmaxOperator,
  softplusOperator,
  softsignOperator,
  spaceToDepthOperator,
  splitOperator,
  splitToSequenceOperator,
  sqrtOperator,
  squeezeOperator,
  stftOperator,
  subOperator,
  sumOperator,
  swiGLUOperator,
  swishOperator,
  tanhOperator,
  tanOperator,
  tensorScatterOperator,
  thresholdedReluOperator,
  tileOperator,
  topKOperator,
  transposeOperator,
  triluOperator,
  uniqueOperator,
  unsqueezeOperator,
  upsampleOperator,
  whereOperator,
  xorOperator,
];

/** The standard operators by name. */
export const operatorsByType: ReadonlyMap<string, Operator> = new Map(
  operators.map((operator) => [operator.opType, operator]),
);
