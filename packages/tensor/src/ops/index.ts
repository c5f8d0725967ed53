import type { Op } from "../op.ts";
import { absOp } from "./abs.ts";
import { acosOp } from "./acos.ts";
import { acoshOp } from "./acosh.ts";
import { adaptiveAvgPool2dOp } from "./adaptiveAvgPool2d.ts";
import { adaptiveAvgPool2dGradOp } from "./adaptiveAvgPool2dGrad.ts";
import { addOp } from "./add.ts";
import { argmaxOp } from "./argmax.ts";
import { argminOp } from "./argmin.ts";
import { asinOp } from "./asin.ts";
import { asinhOp } from "./asinh.ts";
import { atanOp } from "./atan.ts";
import { atan2Op } from "./atan2.ts";
import { atanhOp } from "./atanh.ts";
import { avgPool2dOp } from "./avgPool2d.ts";
import { avgPool2dGradOp } from "./avgPool2dGrad.ts";
import { batchNormOp } from "./batchNorm.ts";
import { batchNormGradOp } from "./batchNormGrad.ts";
import { bitwiseAndOp } from "./bitwiseAnd.ts";
import { castOp } from "./cast.ts";
import { ceilOp } from "./ceil.ts";
import { clampOp } from "./clamp.ts";
import { concatOp } from "./concat.ts";
import { conv2dOp } from "./conv2d.ts";
import { conv2dInputGradOp } from "./conv2dInputGrad.ts";
import { conv2dWeightGradOp } from "./conv2dWeightGrad.ts";
import { cosOp } from "./cos.ts";
import { coshOp } from "./cosh.ts";
import { cumsumOp } from "./cumsum.ts";
import { divOp } from "./div.ts";
import { equalOp } from "./equal.ts";
import { erfOp } from "./erf.ts";
import { erfcOp } from "./erfc.ts";
import { erfinvOp } from "./erfinv.ts";
import { expOp } from "./exp.ts";
import { exp2Op } from "./exp2.ts";
import { expandOp } from "./expand.ts";
import { expm1Op } from "./expm1.ts";
import { floorOp } from "./floor.ts";
import { floorDivideOp } from "./floorDivide.ts";
import { fmodOp } from "./fmod.ts";
import { fullOp } from "./full.ts";
import { gatherOp } from "./gather.ts";
import { geluOp } from "./gelu.ts";
import { geluGradOp } from "./geluGrad.ts";
import { greaterOp } from "./greater.ts";
import { greaterEqualOp } from "./greaterEqual.ts";
import { hardtanhOp } from "./hardtanh.ts";
import { hypotOp } from "./hypot.ts";
import { indexAddOp } from "./indexAdd.ts";
import { indexSelectOp } from "./indexSelect.ts";
import { layerNormOp } from "./layerNorm.ts";
import { layerNormGradOp } from "./layerNormGrad.ts";
import { lessOp } from "./less.ts";
import { lessEqualOp } from "./lessEqual.ts";
import { linearRecurrenceOp } from "./linearRecurrence.ts";
import { logOp } from "./log.ts";
import { log1pOp } from "./log1p.ts";
import { log2Op } from "./log2.ts";
import { log10Op } from "./log10.ts";
import { logicalAndOp } from "./logicalAnd.ts";
import { logicalNotOp } from "./logicalNot.ts";
import { logicalOrOp } from "./logicalOr.ts";
import { logSoftmaxOp } from "./logSoftmax.ts";
import { logSoftmaxGradOp } from "./logSoftmaxGrad.ts";
import { matmulOp } from "./matmul.ts";
import { maxOp } from "./max.ts";
import { maximumOp } from "./maximum.ts";
import { maxPool2dOp } from "./maxPool2d.ts";
import { maxPool2dGradOp } from "./maxPool2dGrad.ts";
import { minOp } from "./min.ts";
import { minimumOp } from "./minimum.ts";
import { mulOp } from "./mul.ts";
import type { OpName } from "./names.ts";
import { negOp } from "./neg.ts";
import { notEqualOp } from "./notEqual.ts";
import { padOp } from "./pad.ts";
import { permuteOp } from "./permute.ts";
import { powOp } from "./pow.ts";
import { prodOp } from "./prod.ts";
import { randomUniformOp } from "./randomUniform.ts";
import { reluOp } from "./relu.ts";
import { reshapeOp } from "./reshape.ts";
import { roundOp } from "./round.ts";
import { rsqrtOp } from "./rsqrt.ts";
import { scatterOp } from "./scatter.ts";
import { scatterAddOp } from "./scatterAdd.ts";
import { sigmoidOp } from "./sigmoid.ts";
import { signOp } from "./sign.ts";
import { sinOp } from "./sin.ts";
import { sinhOp } from "./sinh.ts";
import { sliceOp } from "./slice.ts";
import { softmaxOp } from "./softmax.ts";
import { softmaxCrossEntropyOp } from "./softmaxCrossEntropy.ts";
import { softmaxCrossEntropyGradOp } from "./softmaxCrossEntropyGrad.ts";
import { softmaxGradOp } from "./softmaxGrad.ts";
import { sortOp } from "./sort.ts";
import { sqrtOp } from "./sqrt.ts";
import { subOp } from "./sub.ts";
import { sumOp } from "./sum.ts";
import { tanOp } from "./tan.ts";
import { tanhOp } from "./tanh.ts";
import { truncOp } from "./trunc.ts";
import { whereOp } from "./where.ts";

/** Every primitive op, by name: what the conformance, gradient and golden suites walk. */
export const ops: { readonly [name in OpName]: Op } = {
  abs: absOp as Op,
  acos: acosOp as Op,
  acosh: acoshOp as Op,
  adaptiveAvgPool2d: adaptiveAvgPool2dOp as Op,
  adaptiveAvgPool2dGrad: adaptiveAvgPool2dGradOp as Op,
  add: addOp as Op,
  argmax: argmaxOp as Op,
  argmin: argminOp as Op,
  asin: asinOp as Op,
  asinh: asinhOp as Op,
  atan: atanOp as Op,
  atan2: atan2Op as Op,
  atanh: atanhOp as Op,
  avgPool2d: avgPool2dOp as Op,
  avgPool2dGrad: avgPool2dGradOp as Op,
  batchNorm: batchNormOp as Op,
  batchNormGrad: batchNormGradOp as Op,
  bitwiseAnd: bitwiseAndOp as Op,
  cast: castOp as Op,
  ceil: ceilOp as Op,
  clamp: clampOp as Op,
  concat: concatOp as Op,
  conv2d: conv2dOp as Op,
  conv2dInputGrad: conv2dInputGradOp as Op,
  conv2dWeightGrad: conv2dWeightGradOp as Op,
  cos: cosOp as Op,
  cosh: coshOp as Op,
  cumsum: cumsumOp as Op,
  div: divOp as Op,
  equal: equalOp as Op,
  erf: erfOp as Op,
  erfc: erfcOp as Op,
  erfinv: erfinvOp as Op,
  exp: expOp as Op,
  exp2: exp2Op as Op,
  expand: expandOp as Op,
  expm1: expm1Op as Op,
  floor: floorOp as Op,
  floorDivide: floorDivideOp as Op,
  fmod: fmodOp as Op,
  full: fullOp as Op,
  gather: gatherOp as Op,
  gelu: geluOp as Op,
  geluGrad: geluGradOp as Op,
  greater: greaterOp as Op,
  greaterEqual: greaterEqualOp as Op,
  hardtanh: hardtanhOp as Op,
  hypot: hypotOp as Op,
  indexAdd: indexAddOp as Op,
  indexSelect: indexSelectOp as Op,
  layerNorm: layerNormOp as Op,
  layerNormGrad: layerNormGradOp as Op,
  less: lessOp as Op,
  lessEqual: lessEqualOp as Op,
  linearRecurrence: linearRecurrenceOp as Op,
  log: logOp as Op,
  log10: log10Op as Op,
  log1p: log1pOp as Op,
  log2: log2Op as Op,
  logSoftmax: logSoftmaxOp as Op,
  logicalAnd: logicalAndOp as Op,
  logicalNot: logicalNotOp as Op,
  logicalOr: logicalOrOp as Op,
  logSoftmaxGrad: logSoftmaxGradOp as Op,
  matmul: matmulOp as Op,
  max: maxOp as Op,
  maxPool2d: maxPool2dOp as Op,
  maxPool2dGrad: maxPool2dGradOp as Op,
  maximum: maximumOp as Op,
  min: minOp as Op,
  minimum: minimumOp as Op,
  mul: mulOp as Op,
  neg: negOp as Op,
  notEqual: notEqualOp as Op,
  pad: padOp as Op,
  permute: permuteOp as Op,
  pow: powOp as Op,
  prod: prodOp as Op,
  randomUniform: randomUniformOp as Op,
  relu: reluOp as Op,
  reshape: reshapeOp as Op,
  round: roundOp as Op,
  rsqrt: rsqrtOp as Op,
  scatter: scatterOp as Op,
  scatterAdd: scatterAddOp as Op,
  sigmoid: sigmoidOp as Op,
  sign: signOp as Op,
  sin: sinOp as Op,
  sinh: sinhOp as Op,
  slice: sliceOp as Op,
  softmax: softmaxOp as Op,
  softmaxCrossEntropy: softmaxCrossEntropyOp as Op,
  softmaxCrossEntropyGrad: softmaxCrossEntropyGradOp as Op,
  softmaxGrad: softmaxGradOp as Op,
  sort: sortOp as Op,
  sqrt: sqrtOp as Op,
  sub: subOp as Op,
  sum: sumOp as Op,
  tan: tanOp as Op,
  tanh: tanhOp as Op,
  trunc: truncOp as Op,
  where: whereOp as Op,
};
