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
export { adaptiveAvgPool2d } from "./ops/adaptiveAvgPool2d.ts";
export { add } from "./ops/add.ts";
export { argmax } from "./ops/argmax.ts";
export { type AvgPoolOptions, avgPool2d, globalAvgPool2d } from "./ops/avgPool2d.ts";
export { batchNorm } from "./ops/batchNorm.ts";
export { cast } from "./ops/cast.ts";
export { ceil } from "./ops/ceil.ts";
export { clamp } from "./ops/clamp.ts";
export { concat } from "./ops/concat.ts";
export {
  type Conv2dAttrs,
  type Conv2dOptions,
  conv2d,
  conv2dOutputSize,
  type Padding2d,
  pair,
  type Size2d,
  sides,
} from "./ops/conv2d.ts";
export type { Conv2dInputGradAttrs } from "./ops/conv2dInputGrad.ts";
export type { Conv2dWeightGradAttrs } from "./ops/conv2dWeightGrad.ts";
export { cos } from "./ops/cos.ts";
export { div } from "./ops/div.ts";
export { equal } from "./ops/equal.ts";
export { erf } from "./ops/erf.ts";
export { exp } from "./ops/exp.ts";
export { expand } from "./ops/expand.ts";
export { expm1 } from "./ops/expm1.ts";
export { floor } from "./ops/floor.ts";
export { full } from "./ops/full.ts";
export { gelu } from "./ops/gelu.ts";
export { greater } from "./ops/greater.ts";
export { greaterEqual } from "./ops/greaterEqual.ts";
export { hardtanh, relu6 } from "./ops/hardtanh.ts";
export { ops } from "./ops/index.ts";
export { indexAdd } from "./ops/indexAdd.ts";
export { indexSelect } from "./ops/indexSelect.ts";
export { layerNorm } from "./ops/layerNorm.ts";
export { less } from "./ops/less.ts";
export { lessEqual } from "./ops/lessEqual.ts";
export { log } from "./ops/log.ts";
export { log1p } from "./ops/log1p.ts";
export { logicalAnd } from "./ops/logicalAnd.ts";
export { logicalNot } from "./ops/logicalNot.ts";
export { logicalOr } from "./ops/logicalOr.ts";
export { logSoftmax } from "./ops/logSoftmax.ts";
export { type MatmulAttrs, type MatmulGeometry, type MatmulOptions, matmul, matmulGeometry } from "./ops/matmul.ts";
export { max } from "./ops/max.ts";
export { maximum } from "./ops/maximum.ts";
export { maxPool2d } from "./ops/maxPool2d.ts";
export { mean } from "./ops/mean.ts";
export { minimum } from "./ops/minimum.ts";
export { mul } from "./ops/mul.ts";
export type { ElementwiseName, KernelAttrs, KernelName, OpName, ViewName } from "./ops/names.ts";
export { neg } from "./ops/neg.ts";
export { notEqual } from "./ops/notEqual.ts";
export { oneHot } from "./ops/oneHot.ts";
export type { Operand } from "./ops/operand.ts";
export { pad } from "./ops/pad.ts";
export { permute, transpose } from "./ops/permute.ts";
export type { PoolAttrs, PoolGradAttrs, PoolOptions } from "./ops/pool.ts";
export { pow } from "./ops/pow.ts";
export type { ReduceAttrs, ReduceOptions } from "./ops/reduce.ts";
export { relu } from "./ops/relu.ts";
export { flatten, reshape, squeeze, unsqueeze } from "./ops/reshape.ts";
export { round } from "./ops/round.ts";
export { rsqrt } from "./ops/rsqrt.ts";
export {
  type ScaledDotProductAttentionOptions,
  scaledDotProductAttention,
} from "./ops/scaledDotProductAttention.ts";
export { sigmoid } from "./ops/sigmoid.ts";
export { sign } from "./ops/sign.ts";
export { sin } from "./ops/sin.ts";
export { slice } from "./ops/slice.ts";
export { softmax } from "./ops/softmax.ts";
export { softmaxCrossEntropy } from "./ops/softmaxCrossEntropy.ts";
export { sqrt } from "./ops/sqrt.ts";
export { sub } from "./ops/sub.ts";
export { sum } from "./ops/sum.ts";
export { tanh } from "./ops/tanh.ts";
export { type VarianceOptions, variance } from "./ops/variance.ts";
export { where } from "./ops/where.ts";
export { philox } from "./philox.ts";
export { bernoulli, Generator, randomNormal, randomUniform } from "./random.ts";
export { runtime, useDevice } from "./runtime.ts";
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
export { arange, type CreateOptions, isTensor, type NestedArray, ones, Tensor, tensor, zeros } from "./tensor.ts";
