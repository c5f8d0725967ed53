const quantised = /^(QLinear|Quantize|Dequantize|DynamicQuantize|QGemm|QAttention)|Integer$/;

/** Operators whose presence says that the model was quantised. */
export function isQuantised(opType: string): boolean {
  return quantised.test(opType);
}

/** Names of standard operators that are not imported, by the reason. */
const namesByReason: Readonly<Record<string, readonly string[]>> = {
  "it works on text, and tensors hold numbers": [
    "RegexFullMatch",
    "StringConcat",
    "StringNormalizer",
    "StringSplit",
    "TfIdfVectorizer",
  ],
  "it decodes image files; decode them beforehand, as @graftjs/data does": ["ImageDecoder"],
  "how many boxes it keeps depends on data, and shapes may not; cut the model before it": ["NonMaxSuppression"],
  "it looks at the bits of a number, and tensors may hold it in another type than the file": ["BitCast"],
};

/** The same of the domain ai.onnx.ml. */
const mlNamesByReason: Readonly<Record<string, readonly string[]>> = {
  "it is a forest of decision trees, whose splits have no gradient": [
    "TreeEnsemble",
    "TreeEnsembleClassifier",
    "TreeEnsembleRegressor",
  ],
  "it is a support vector machine, which is fitted by other means than gradients": ["SVMClassifier", "SVMRegressor"],
  "it works on maps of names to numbers, and what flows here are tensors": ["CastMap", "DictVectorizer"],
  "it makes maps of labels to numbers; the module returns the numbers that it is given": ["ZipMap"],
  "it works on text, and tensors hold numbers": ["CategoryMapper"],
};

/** Operators of the domain ai.onnx.ml that are refused. */
export const refusedMlOperators: readonly string[] = Object.values(mlNamesByReason).flat().sort();

const reasons: ReadonlyMap<string, string> = new Map(
  [...Object.entries(namesByReason), ...Object.entries(mlNamesByReason)].flatMap(([reason, names]) =>
    names.map((name) => [name, reason] as const),
  ),
);

/** Why an operator that has no importer has none. */
export function reasonAgainst(opType: string): string {
  if (isQuantised(opType)) return "it computes on integers, which have no gradients";
  return reasons.get(opType) ?? "there is no importer for this operator";
}
