export { apply, apply1 } from "./apply.ts";
export { checkpoint } from "./autograd/checkpoint.ts";
export { type GradientsOptions, gradients } from "./autograd/gradients.ts";
export { isGradEnabled, noGrad } from "./autograd/gradMode.ts";
export type { Device, DeviceBuffer, Executable } from "./device/contract.ts";
export { referenceDevice } from "./device/reference.ts";
export {
  allocate,
  bytesPerElement,
  type DType,
  dtypeOf,
  isFloat,
  type TypedArray,
  type TypedArrays,
  viewOf,
} from "./dtype.ts";
export {
  ArgumentError,
  AutogradError,
  DeviceError,
  DTypeError,
  type ErrorDetails,
  GraftError,
  isGraftError,
  ShapeError,
  TraceError,
} from "./errors.ts";
export type {
  Attention,
  Call,
  CallAttrs,
  Chain,
  ChainOperand,
  ChainStep,
  Epilogue,
  MatmulViews,
  MatrixView,
} from "./graph/call.ts";
export { type CompiledFunction, type CompileOptions, compile, type Output } from "./graph/compile.ts";
export type { Assignment, Graph, Node, State, TensorSpec, Value } from "./graph/graph.ts";
export {
  type Location,
  type Plan,
  type PlannedCall,
  type PlannedPreparation,
  type PlanOptions,
  type Preparation,
  type PrologueStep,
  plan,
} from "./graph/plan.ts";
export type { GradContext, KernelContext, NDArray, Op, Sample, SampleInput } from "./op.ts";
export { abs } from "./ops/abs.ts";
export { acos } from "./ops/acos.ts";
export { acosh } from "./ops/acosh.ts";
export { adaptiveAvgPool1d } from "./ops/adaptiveAvgPool1d.ts";
export { adaptiveAvgPool2d } from "./ops/adaptiveAvgPool2d.ts";
export { adaptiveAvgPool3d } from "./ops/adaptiveAvgPool3d.ts";
export { adaptiveMaxPool1d, adaptiveMaxPool1dWithIndices } from "./ops/adaptiveMaxPool1d.ts";
export { adaptiveMaxPool2d, adaptiveMaxPool2dWithIndices, globalMaxPool2d } from "./ops/adaptiveMaxPool2d.ts";
export { adaptiveMaxPool3d, adaptiveMaxPool3dWithIndices } from "./ops/adaptiveMaxPool3d.ts";
export { add } from "./ops/add.ts";
export { addcdiv } from "./ops/addcdiv.ts";
export { addcmul } from "./ops/addcmul.ts";
export { type AffineGridOptions, affineGrid } from "./ops/affineGrid.ts";
export { all } from "./ops/all.ts";
export { any } from "./ops/any.ts";
export type { ArgExtremeAttrs, ArgExtremeOptions } from "./ops/argExtreme.ts";
export { argmax } from "./ops/argmax.ts";
export { argmin } from "./ops/argmin.ts";
export { asin } from "./ops/asin.ts";
export { asinh } from "./ops/asinh.ts";
export { atan } from "./ops/atan.ts";
export { atan2 } from "./ops/atan2.ts";
export { atanh } from "./ops/atanh.ts";
export { type AvgPool1dOptions, avgPool1d } from "./ops/avgPool1d.ts";
export { type AvgPoolOptions, avgPool2d, globalAvgPool2d } from "./ops/avgPool2d.ts";
export { type AvgPool3dOptions, avgPool3d } from "./ops/avgPool3d.ts";
export { batchNorm } from "./ops/batchNorm.ts";
export { bitwiseAnd } from "./ops/bitwiseAnd.ts";
export { bitwiseNot } from "./ops/bitwiseNot.ts";
export { bitwiseOr } from "./ops/bitwiseOr.ts";
export { bitwiseLeftShift, bitwiseRightShift } from "./ops/bitwiseShift.ts";
export { bitwiseXor } from "./ops/bitwiseXor.ts";
export { cast } from "./ops/cast.ts";
export { cdist } from "./ops/cdist.ts";
export { ceil } from "./ops/ceil.ts";
export { clamp, clampMax, clampMin } from "./ops/clamp.ts";
export { concat } from "./ops/concat.ts";
export { type Conv1dOptions, conv1d, type Padding1d, planarSides, type Size1d, single } from "./ops/conv1d.ts";
export {
  type Conv2dAttrs,
  type Conv2dOptions,
  conv2d,
  conv2dOutputSize,
  namedPadding,
  type Padding2d,
  type PaddingMode,
  pair,
  type Size2d,
  sides,
} from "./ops/conv2d.ts";
export type { Conv2dInputGradAttrs } from "./ops/conv2dInputGrad.ts";
export type { Conv2dWeightGradAttrs } from "./ops/conv2dWeightGrad.ts";
export { type Conv3dOptions, conv3d, type Padding3d, type Size3d, triple, volumeSides } from "./ops/conv3d.ts";
export { type ConvTranspose1dOptions, convTranspose1d } from "./ops/convTranspose1d.ts";
export { type ConvTranspose2dOptions, convTranspose2d } from "./ops/convTranspose2d.ts";
export { type ConvTranspose3dOptions, convTranspose3d } from "./ops/convTranspose3d.ts";
export { cos } from "./ops/cos.ts";
export { cosh } from "./ops/cosh.ts";
export { countNonzero } from "./ops/countNonzero.ts";
export { cross } from "./ops/cross.ts";
export { cummax } from "./ops/cummax.ts";
export { cummin } from "./ops/cummin.ts";
export { cumprod } from "./ops/cumprod.ts";
export { cumsum } from "./ops/cumsum.ts";
export { diag, diagEmbed, diagonal } from "./ops/diagonal.ts";
export { type DivOptions, div } from "./ops/div.ts";
export { dot, outer, tensordot } from "./ops/dot.ts";
export { einsum } from "./ops/einsum.ts";
export { equal } from "./ops/equal.ts";
export { erf } from "./ops/erf.ts";
export { erfc } from "./ops/erfc.ts";
export { erfinv } from "./ops/erfinv.ts";
export { exp } from "./ops/exp.ts";
export { exp2 } from "./ops/exp2.ts";
export { broadcastTo, expand } from "./ops/expand.ts";
export { expm1 } from "./ops/expm1.ts";
export { eye } from "./ops/eye.ts";
export { flip } from "./ops/flip.ts";
export { floor } from "./ops/floor.ts";
export { floorDivide } from "./ops/floorDivide.ts";
export { fmax } from "./ops/fmax.ts";
export { fmin } from "./ops/fmin.ts";
export { fmod } from "./ops/fmod.ts";
export { frac } from "./ops/frac.ts";
export { full, fullLike, type LikeOptions, onesLike, zerosLike } from "./ops/full.ts";
export { gather, takeAlongAxis } from "./ops/gather.ts";
export { gelu } from "./ops/gelu.ts";
export { greater } from "./ops/greater.ts";
export { greaterEqual } from "./ops/greaterEqual.ts";
export { gridPositions, gridSample } from "./ops/gridSample.ts";
export { type GroupNormOptions, groupNorm } from "./ops/groupNorm.ts";
export { hardtanh, relu6 } from "./ops/hardtanh.ts";
export { heaviside } from "./ops/heaviside.ts";
export { hypot } from "./ops/hypot.ts";
export { ops } from "./ops/index.ts";
export { indexAdd } from "./ops/indexAdd.ts";
export { indexSelect } from "./ops/indexSelect.ts";
export { instanceNorm } from "./ops/instanceNorm.ts";
export { type InterpolateOptions, type InterpolationMode, interpolate } from "./ops/interpolate.ts";
export { interpolationTerms, type SamplingOptions } from "./ops/interpolationTerms.ts";
export { allclose, type IscloseOptions, isclose } from "./ops/isclose.ts";
export { isfinite } from "./ops/isfinite.ts";
export { isinf } from "./ops/isinf.ts";
export { isnan } from "./ops/isnan.ts";
export { kron } from "./ops/kron.ts";
export { layerNorm } from "./ops/layerNorm.ts";
export { lerp } from "./ops/lerp.ts";
export { less } from "./ops/less.ts";
export { lessEqual } from "./ops/lessEqual.ts";
export type { RecurrenceAttrs } from "./ops/linearRecurrence.ts";
export { type LocalResponseNormOptions, localResponseNorm } from "./ops/localResponseNorm.ts";
export { log } from "./ops/log.ts";
export { log1p } from "./ops/log1p.ts";
export { log2 } from "./ops/log2.ts";
export { log10 } from "./ops/log10.ts";
export { logaddexp } from "./ops/logaddexp.ts";
export { logcumsumexp } from "./ops/logcumsumexp.ts";
export { logicalAnd } from "./ops/logicalAnd.ts";
export { logicalNot } from "./ops/logicalNot.ts";
export { logicalOr } from "./ops/logicalOr.ts";
export { logicalXor } from "./ops/logicalXor.ts";
export { type LogitOptions, logit } from "./ops/logit.ts";
export { logSoftmax } from "./ops/logSoftmax.ts";
export { logsumexp } from "./ops/logsumexp.ts";
export { type LPPool1dOptions, lpPool1d } from "./ops/lpPool1d.ts";
export { type LPPool2dOptions, lpPool2d } from "./ops/lpPool2d.ts";
export { type LPPool3dOptions, lpPool3d } from "./ops/lpPool3d.ts";
export { maskedFill } from "./ops/maskedFill.ts";
export { type MatmulAttrs, type MatmulGeometry, type MatmulOptions, matmul, matmulGeometry } from "./ops/matmul.ts";
export { max } from "./ops/max.ts";
export { maximum } from "./ops/maximum.ts";
export { maxPool1d, maxPool1dWithIndices } from "./ops/maxPool1d.ts";
export { maxPool2d, maxPool2dWithIndices } from "./ops/maxPool2d.ts";
export { maxPool3d, maxPool3dWithIndices } from "./ops/maxPool3d.ts";
export { type MaxUnpool1dOptions, maxUnpool1d } from "./ops/maxUnpool1d.ts";
export { type MaxUnpool2dOptions, maxUnpool2d } from "./ops/maxUnpool2d.ts";
export { type MaxUnpool3dOptions, maxUnpool3d } from "./ops/maxUnpool3d.ts";
export { mean } from "./ops/mean.ts";
export { meshgrid } from "./ops/meshgrid.ts";
export { min } from "./ops/min.ts";
export { minimum } from "./ops/minimum.ts";
export { mul } from "./ops/mul.ts";
export type { ElementwiseName, KernelAttrs, KernelName, OpName, ViewName } from "./ops/names.ts";
export { type NanToNumOptions, nanToNum } from "./ops/nanToNum.ts";
export { narrow, select } from "./ops/narrow.ts";
export { neg } from "./ops/neg.ts";
export { maskedSelect, nonzero } from "./ops/nonzero.ts";
export { norm } from "./ops/norm.ts";
export { type NormalizeOptions, normalize } from "./ops/normalize.ts";
export { notEqual } from "./ops/notEqual.ts";
export { oneHot } from "./ops/oneHot.ts";
export { type Operand, resultType } from "./ops/operand.ts";
export { type PadAttrs, type PadOptions, pad } from "./ops/pad.ts";
export { movedim, permute, transpose } from "./ops/permute.ts";
export { channelShuffle, pixelShuffle, pixelUnshuffle } from "./ops/pixelShuffle.ts";
export type { AdaptiveSize2d, Pool1dOptions, PoolAttrs, PoolGradAttrs, PoolOptions } from "./ops/pool.ts";
export type { AdaptiveSize3d, Pool3dOptions } from "./ops/pool3d.ts";
export { pow } from "./ops/pow.ts";
export { prod } from "./ops/prod.ts";
export { median, type QuantileOptions, quantile } from "./ops/quantile.ts";
export { reciprocal } from "./ops/reciprocal.ts";
export type { ReduceAttrs, ReduceOptions } from "./ops/reduce.ts";
export { relu } from "./ops/relu.ts";
export { remainder } from "./ops/remainder.ts";
export { resample, type Taps } from "./ops/resample.ts";
export { flatten, reshape, squeeze, unsqueeze } from "./ops/reshape.ts";
export { type RMSNormOptions, rmsNorm } from "./ops/rmsNorm.ts";
export { roll } from "./ops/roll.ts";
export { round } from "./ops/round.ts";
export { rsqrt } from "./ops/rsqrt.ts";
export {
  type AttentionWeightsOptions,
  attentionWeights,
  type ScaledDotProductAttentionOptions,
  scaledDotProductAttention,
} from "./ops/scaledDotProductAttention.ts";
export { scatter } from "./ops/scatter.ts";
export { scatterAdd } from "./ops/scatterAdd.ts";
export { type ScatterReduction, scatterReduce } from "./ops/scatterReduce.ts";
export { sigmoid } from "./ops/sigmoid.ts";
export { sign } from "./ops/sign.ts";
export { sin } from "./ops/sin.ts";
export { sinc } from "./ops/sinc.ts";
export { sinh } from "./ops/sinh.ts";
export { type SliceAttrs, slice } from "./ops/slice.ts";
export { softmax } from "./ops/softmax.ts";
export { softmaxCrossEntropy } from "./ops/softmaxCrossEntropy.ts";
export { argsort, type SortAttrs, type Sorted, type SortOptions, sort } from "./ops/sort.ts";
export { chunk, split, unbind } from "./ops/split.ts";
export { sqrt } from "./ops/sqrt.ts";
export { square } from "./ops/square.ts";
export { stack } from "./ops/stack.ts";
export { std } from "./ops/std.ts";
export { sub } from "./ops/sub.ts";
export { sum } from "./ops/sum.ts";
export { tan } from "./ops/tan.ts";
export { tanh } from "./ops/tanh.ts";
export { repeatInterleave, tile } from "./ops/tile.ts";
export { type TopKOptions, topK } from "./ops/topK.ts";
export { trace } from "./ops/trace.ts";
export { tril, triu } from "./ops/tril.ts";
export { trunc } from "./ops/trunc.ts";
export { unflatten } from "./ops/unflatten.ts";
export { fold, type UnfoldOptions, unfold } from "./ops/unfold.ts";
export { type Unique, type UniqueOptions, unique, uniqueConsecutive } from "./ops/unique.ts";
export { type VarianceOptions, variance } from "./ops/variance.ts";
export { where } from "./ops/where.ts";
export { xlogy } from "./ops/xlogy.ts";
export { philox } from "./philox.ts";
export {
  bernoulli,
  Generator,
  type MultinomialOptions,
  multinomial,
  randomInteger,
  randomNormal,
  randomPermutation,
  randomUniform,
} from "./random.ts";
export { arange, linspace, logspace } from "./ranges.ts";
export { runtime, useDevice, withRuntime } from "./runtime.ts";
export {
  broadcastShapes,
  broadcastStrides,
  equalShapes,
  formatShape,
  normalizeAxes,
  normalizeAxis,
  numel,
  type Shape,
  stridesOf,
} from "./shape.ts";
export { type Residence, Storage } from "./storage.ts";
export {
  type CreateOptions,
  isTensor,
  type NestedArray,
  type NestedValues,
  ones,
  Tensor,
  tensor,
  zeros,
} from "./tensor.ts";
