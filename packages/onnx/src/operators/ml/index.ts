import type { Operator } from "../../operator.ts";
import { arrayFeatureExtractorOperator } from "./arrayFeatureExtractor.ts";
import { binarizerOperator } from "./binarizer.ts";
import { featureVectorizerOperator } from "./featureVectorizer.ts";
import { imputerOperator } from "./imputer.ts";
import { labelEncoderOperator } from "./labelEncoder.ts";
import { linearClassifierOperator } from "./linearClassifier.ts";
import { linearRegressorOperator } from "./linearRegressor.ts";
import { normalizerOperator } from "./normalizer.ts";
import { oneHotEncoderOperator } from "./oneHotEncoder.ts";
import { scalerOperator } from "./scaler.ts";

/** The operators of the domain `ai.onnx.ml` that are imported. */
export const mlOperators: readonly Operator[] = [
  arrayFeatureExtractorOperator,
  binarizerOperator,
  featureVectorizerOperator,
  imputerOperator,
  labelEncoderOperator,
  linearClassifierOperator,
  linearRegressorOperator,
  normalizerOperator,
  oneHotEncoderOperator,
  scalerOperator,
];
