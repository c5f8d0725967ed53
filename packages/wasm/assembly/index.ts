// The kernels of the WASM device. JavaScript finds a kernel by the name of its export here: a global that holds the
// kernel's index in the function table. A new kernel is a file and a line.
import { argmax } from "./argmax";
import { batchNorm, batchNormGrad } from "./batchNorm";
import { chain } from "./chain";
import { conv2d, conv2dInputGrad, conv2dPackWeight, conv2dPackWeightGrad } from "./conv2d";
import { conv2dWeightGrad, sumChunks } from "./conv2dWeightGrad";
import { depthwise, depthwiseInputGrad } from "./depthwise";
import { depthwiseWeightGrad } from "./depthwiseWeightGrad";
import { indexAdd, indexSelect } from "./gather";
import { gemm, gemmPackA } from "./gemm";
import { adaptiveAvgPool2d, adaptiveAvgPool2dGrad, avgPool2d, avgPool2dGrad, maxPool2d, maxPool2dGrad } from "./pool";
import { randomAdvance, randomUniform } from "./random";
import { reduceFloat, reduceInt } from "./reduce";
import { logSoftmax, softmax } from "./softmax";
import { copy, fill } from "./strided";
import { winogradInput, winogradOutputs, winogradTiles, winogradWeight } from "./winograd";
import { winogradGradTiles, winogradWeightGrad } from "./winogradWeightGrad";

export { runParallel, runSerial, setup, work } from "./runtime";
export { SCRATCH_BYTES } from "./scratch";

/** Where the memory begins that JavaScript may use. */
export const heapBase: usize = __heap_base;

export const adaptiveAvgPool2dKernel: i32 = adaptiveAvgPool2d.index;
export const adaptiveAvgPool2dGradKernel: i32 = adaptiveAvgPool2dGrad.index;
export const argmaxKernel: i32 = argmax.index;
export const avgPool2dKernel: i32 = avgPool2d.index;
export const avgPool2dGradKernel: i32 = avgPool2dGrad.index;
export const batchNormKernel: i32 = batchNorm.index;
export const batchNormGradKernel: i32 = batchNormGrad.index;
export const chainKernel: i32 = chain.index;
export const conv2dKernel: i32 = conv2d.index;
export const conv2dInputGradKernel: i32 = conv2dInputGrad.index;
export const conv2dPackWeightKernel: i32 = conv2dPackWeight.index;
export const conv2dPackWeightGradKernel: i32 = conv2dPackWeightGrad.index;
export const conv2dWeightGradKernel: i32 = conv2dWeightGrad.index;
export const copyKernel: i32 = copy.index;
export const depthwiseKernel: i32 = depthwise.index;
export const depthwiseInputGradKernel: i32 = depthwiseInputGrad.index;
export const depthwiseWeightGradKernel: i32 = depthwiseWeightGrad.index;
export const fillKernel: i32 = fill.index;
export const gemmKernel: i32 = gemm.index;
export const gemmPackAKernel: i32 = gemmPackA.index;
export const indexAddKernel: i32 = indexAdd.index;
export const indexSelectKernel: i32 = indexSelect.index;
export const logSoftmaxKernel: i32 = logSoftmax.index;
export const maxPool2dKernel: i32 = maxPool2d.index;
export const maxPool2dGradKernel: i32 = maxPool2dGrad.index;
export const randomAdvanceKernel: i32 = randomAdvance.index;
export const randomUniformKernel: i32 = randomUniform.index;
export const reduceFloatKernel: i32 = reduceFloat.index;
export const reduceIntKernel: i32 = reduceInt.index;
export const softmaxKernel: i32 = softmax.index;
export const sumChunksKernel: i32 = sumChunks.index;
export const winogradGradTilesKernel: i32 = winogradGradTiles.index;
export const winogradInputKernel: i32 = winogradInput.index;
export const winogradOutputsKernel: i32 = winogradOutputs.index;
export const winogradTilesKernel: i32 = winogradTiles.index;
export const winogradWeightKernel: i32 = winogradWeight.index;
export const winogradWeightGradKernel: i32 = winogradWeightGrad.index;
