export {
  type CompiledFunction,
  type CompileOptions,
  checkpoint,
  compile,
  Generator,
  type GradientsOptions,
  gradients,
  isGradEnabled,
  noGrad,
  Tensor,
  tensor,
} from "@graftjs/tensor";
export { Buffer, isBuffer } from "./buffer.ts";
export { checkpointSequential } from "./checkpointSequential.ts";
export { defaultGenerator, manualSeed } from "./defaultGenerator.ts";
export type { ForwardHook, ForwardPreHook } from "./hooks.ts";
export { calculateGain, type GainOf } from "./init/calculateGain.ts";
export { dirac } from "./init/dirac.ts";
export { constant, normal, uniform } from "./init/distributions.ts";
export { type KaimingOptions, kaimingNormal, kaimingUniform } from "./init/kaiming.ts";
export { type OrthogonalOptions, orthogonal } from "./init/orthogonal.ts";
export { skipInit } from "./init/skipInit.ts";
export { type TruncatedNormalOptions, truncatedNormal } from "./init/truncatedNormal.ts";
export { type XavierOptions, xavierNormal, xavierUniform } from "./init/xavier.ts";
export { AdaptiveAvgPool1d } from "./layers/adaptiveAvgPool1d.ts";
export { AdaptiveAvgPool2d } from "./layers/adaptiveAvgPool2d.ts";
export { AdaptiveAvgPool3d } from "./layers/adaptiveAvgPool3d.ts";
export { AdaptiveMaxPool1d } from "./layers/adaptiveMaxPool1d.ts";
export { AdaptiveMaxPool2d } from "./layers/adaptiveMaxPool2d.ts";
export { AdaptiveMaxPool3d } from "./layers/adaptiveMaxPool3d.ts";
export { AlphaDropout } from "./layers/alphaDropout.ts";
export type { AttentionMasks } from "./layers/attentionMask.ts";
export { AvgPool1d } from "./layers/avgPool1d.ts";
export { AvgPool2d } from "./layers/avgPool2d.ts";
export { AvgPool3d } from "./layers/avgPool3d.ts";
export { BatchNorm, type BatchNormOptions } from "./layers/batchNorm.ts";
export { BatchNorm1d } from "./layers/batchNorm1d.ts";
export { BatchNorm2d } from "./layers/batchNorm2d.ts";
export { BatchNorm3d } from "./layers/batchNorm3d.ts";
export { Bilinear, type BilinearOptions } from "./layers/bilinear.ts";
export { CELU, celu } from "./layers/celu.ts";
export { ChannelShuffle } from "./layers/channelShuffle.ts";
export { CircularPad1d, CircularPad2d, CircularPad3d } from "./layers/circularPad.ts";
export { ConstantPad1d, ConstantPad2d, ConstantPad3d } from "./layers/constantPad.ts";
export { Conv1d, type Conv1dOptions } from "./layers/conv1d.ts";
export { Conv2d, type Conv2dOptions } from "./layers/conv2d.ts";
export { Conv3d, type Conv3dOptions } from "./layers/conv3d.ts";
export type { ConvolutionPaddingMode } from "./layers/convolutionParameters.ts";
export { ConvTranspose1d, type ConvTranspose1dOptions } from "./layers/convTranspose1d.ts";
export { ConvTranspose2d, type ConvTranspose2dOptions } from "./layers/convTranspose2d.ts";
export { ConvTranspose3d, type ConvTranspose3dOptions } from "./layers/convTranspose3d.ts";
export { Dropout, type DropoutOptions, dropout } from "./layers/dropout.ts";
export { Dropout1d } from "./layers/dropout1d.ts";
export { Dropout2d } from "./layers/dropout2d.ts";
export { Dropout3d } from "./layers/dropout3d.ts";
export { DropPath, type DropPathOptions } from "./layers/dropPath.ts";
export type { EdgePadding1d, EdgePadding2d, EdgePadding3d } from "./layers/edgePadding.ts";
export { ELU, elu } from "./layers/elu.ts";
export { Embedding, type EmbeddingOptions } from "./layers/embedding.ts";
export { EmbeddingBag, type EmbeddingBagOptions } from "./layers/embeddingBag.ts";
export { Flatten } from "./layers/flatten.ts";
export { GELU, type GELUOptions, gelu } from "./layers/gelu.ts";
export { GlobalAvgPool2d } from "./layers/globalAvgPool2d.ts";
export { GLU, glu } from "./layers/glu.ts";
export { GroupNorm, type GroupNormLayerOptions } from "./layers/groupNorm.ts";
export { GRU } from "./layers/gru.ts";
export { GRUCell } from "./layers/gruCell.ts";
export { Hardshrink, hardshrink } from "./layers/hardshrink.ts";
export { Hardsigmoid, hardsigmoid } from "./layers/hardsigmoid.ts";
export { Hardswish, hardswish } from "./layers/hardswish.ts";
export { Hardtanh } from "./layers/hardtanh.ts";
export { Identity } from "./layers/identity.ts";
export { InstanceNorm, type InstanceNormOptions } from "./layers/instanceNorm.ts";
export { InstanceNorm1d } from "./layers/instanceNorm1d.ts";
export { InstanceNorm2d } from "./layers/instanceNorm2d.ts";
export { InstanceNorm3d } from "./layers/instanceNorm3d.ts";
export { LayerNorm, type LayerNormOptions } from "./layers/layerNorm.ts";
export { LeakyReLU, leakyRelu } from "./layers/leakyRelu.ts";
export { Linear, type LinearOptions, linear } from "./layers/linear.ts";
export { LocalResponseNorm } from "./layers/localResponseNorm.ts";
export { LogSoftmax } from "./layers/logSoftmax.ts";
export { LogSigmoid, logsigmoid } from "./layers/logsigmoid.ts";
export { LPPool1d } from "./layers/lpPool1d.ts";
export { LPPool2d } from "./layers/lpPool2d.ts";
export { LPPool3d } from "./layers/lpPool3d.ts";
export { LSTM, type LSTMOptions, type LSTMState } from "./layers/lstm.ts";
export { LSTMCell } from "./layers/lstmCell.ts";
export { MaxPool1d } from "./layers/maxPool1d.ts";
export { MaxPool2d } from "./layers/maxPool2d.ts";
export { MaxPool3d } from "./layers/maxPool3d.ts";
export { MaxUnpool1d } from "./layers/maxUnpool1d.ts";
export { MaxUnpool2d } from "./layers/maxUnpool2d.ts";
export { MaxUnpool3d } from "./layers/maxUnpool3d.ts";
export { Mish, mish } from "./layers/mish.ts";
export { ModuleDict } from "./layers/moduleDict.ts";
export { ModuleList } from "./layers/moduleList.ts";
export {
  type AttentionOptions,
  type AttentionResult,
  MultiheadAttention,
  type MultiheadAttentionOptions,
} from "./layers/multiheadAttention.ts";
export { PixelShuffle, PixelUnshuffle } from "./layers/pixelShuffle.ts";
export { PReLU, prelu } from "./layers/prelu.ts";
export { type DirectionWeights, Recurrent, type RecurrentOptions } from "./layers/recurrent.ts";
export { type CellOptions, RecurrentCell } from "./layers/recurrentCell.ts";
export type { Nonlinearity } from "./layers/recurrentSteps.ts";
export { ReflectionPad1d, ReflectionPad2d, ReflectionPad3d } from "./layers/reflectionPad.ts";
export { ReLU } from "./layers/relu.ts";
export { ReLU6 } from "./layers/relu6.ts";
export { ReplicationPad1d, ReplicationPad2d, ReplicationPad3d } from "./layers/replicationPad.ts";
export { RMSNorm, type RMSNormLayerOptions } from "./layers/rmsNorm.ts";
export { RNN, type RNNOptions } from "./layers/rnn.ts";
export { RNNCell, type RNNCellOptions } from "./layers/rnnCell.ts";
export { RReLU, type RReLUOptions } from "./layers/rrelu.ts";
export { SELU, selu } from "./layers/selu.ts";
export { Sequential } from "./layers/sequential.ts";
export { Sigmoid } from "./layers/sigmoid.ts";
export { SiLU, silu } from "./layers/silu.ts";
export { Softmax } from "./layers/softmax.ts";
export { Softmin, softmin } from "./layers/softmin.ts";
export { Softplus, softplus } from "./layers/softplus.ts";
export { Softshrink, softshrink } from "./layers/softshrink.ts";
export { Softsign, softsign } from "./layers/softsign.ts";
export { Tanh } from "./layers/tanh.ts";
export { Tanhshrink, tanhshrink } from "./layers/tanhshrink.ts";
export { Threshold, threshold } from "./layers/threshold.ts";
export { type DecoderLayer, TransformerDecoder } from "./layers/transformerDecoder.ts";
export { type DecoderOptions, TransformerDecoderLayer } from "./layers/transformerDecoderLayer.ts";
export { type EncoderLayer, TransformerEncoder, type TransformerEncoderOptions } from "./layers/transformerEncoder.ts";
export {
  type EncoderOptions,
  TransformerEncoderLayer,
  type TransformerLayerOptions,
} from "./layers/transformerEncoderLayer.ts";
export { Unflatten } from "./layers/unflatten.ts";
export { Fold, Unfold } from "./layers/unfold.ts";
export { Upsample, type UpsampleOptions } from "./layers/upsample.ts";
export { ZeroPad1d, ZeroPad2d, ZeroPad3d } from "./layers/zeroPad.ts";
export { addLora, type LoraLayer, type LoraOptions, loraSizes } from "./lora/addLora.ts";
export { type LoraConfig, loraConfig, loraOptions } from "./lora/loraConfig.ts";
export { loadLoraStateDict, loraStateDict } from "./lora/loraStateDict.ts";
export { mergeLora, removeLora, unmergeLora } from "./lora/mergeLora.ts";
export { isLoraTarget, type LoraTargets } from "./lora/targets.ts";
export { BCELoss, type BCELossOptions, binaryCrossEntropy } from "./losses/binaryCrossEntropy.ts";
export {
  BCEWithLogitsLoss,
  type BCEWithLogitsLossOptions,
  binaryCrossEntropyWithLogits,
} from "./losses/binaryCrossEntropyWithLogits.ts";
export { ContrastiveLoss, type ContrastiveLossOptions, contrastiveLoss } from "./losses/contrastive.ts";
export { CosineEmbeddingLoss, type CosineEmbeddingLossOptions, cosineEmbeddingLoss } from "./losses/cosineEmbedding.ts";
export { CrossEntropyLoss, type CrossEntropyLossOptions, crossEntropy } from "./losses/crossEntropy.ts";
export { CTCLoss, type CTCLossOptions, ctcLoss, type SequenceLengths } from "./losses/ctc.ts";
export { DiceLoss, type DiceLossOptions, diceLoss } from "./losses/dice.ts";
export {
  type CosineSimilarityOptions,
  cosineSimilarity,
  type PairwiseDistanceOptions,
  pairwiseDistance,
} from "./losses/distance.ts";
export { DistillationLoss, type DistillationLossOptions, distillationLoss } from "./losses/distillation.ts";
export { FocalLoss, type FocalLossOptions, focalLoss } from "./losses/focal.ts";
export { GaussianNLLLoss, type GaussianNLLLossOptions, gaussianNllLoss } from "./losses/gaussianNll.ts";
export { HingeEmbeddingLoss, type HingeEmbeddingLossOptions, hingeEmbeddingLoss } from "./losses/hingeEmbedding.ts";
export { HuberLoss, type HuberLossOptions, huberLoss } from "./losses/huber.ts";
export { InfoNCELoss, type InfoNCELossOptions, infoNceLoss } from "./losses/infoNce.ts";
export { KLDivLoss, type KLDivLossOptions, klDiv } from "./losses/klDiv.ts";
export { L1Loss, l1Loss } from "./losses/l1.ts";
export { MarginRankingLoss, type MarginRankingLossOptions, marginRankingLoss } from "./losses/marginRanking.ts";
export { MSELoss, mseLoss } from "./losses/mse.ts";
export { MultiLabelMarginLoss, multilabelMarginLoss } from "./losses/multilabelMargin.ts";
export {
  MultiLabelSoftMarginLoss,
  type MultiLabelSoftMarginLossOptions,
  multilabelSoftMarginLoss,
} from "./losses/multilabelSoftMargin.ts";
export { MultiMarginLoss, type MultiMarginLossOptions, multiMarginLoss } from "./losses/multiMargin.ts";
export { NLLLoss, type NLLLossOptions, nllLoss } from "./losses/nll.ts";
export { PoissonNLLLoss, type PoissonNLLLossOptions, poissonNllLoss } from "./losses/poissonNll.ts";
export type { LossOptions, Reduction } from "./losses/reduction.ts";
export { SigmoidFocalLoss, type SigmoidFocalLossOptions, sigmoidFocalLoss } from "./losses/sigmoidFocal.ts";
export { SmoothL1Loss, type SmoothL1LossOptions, smoothL1Loss } from "./losses/smoothL1.ts";
export { SoftMarginLoss, softMarginLoss } from "./losses/softMargin.ts";
export { TripletMarginLoss, type TripletMarginLossOptions, tripletMarginLoss } from "./losses/tripletMargin.ts";
export { macsOf } from "./macs.ts";
export { type AnyModule, isModule, Module } from "./module.ts";
export { isParameter, Parameter, type ParameterOptions } from "./parameter.ts";
export {
  copyStateDict,
  type LoadOptions,
  type LoadReport,
  type StateDict,
  StateDictError,
  type StateDictMismatch,
} from "./stateDict.ts";
export { type Summary, type SummaryRow, type SummaryTotals, summary } from "./summary.ts";
