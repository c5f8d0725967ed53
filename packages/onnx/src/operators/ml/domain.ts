/** The domain of scikit-learn's exports. https://onnx.ai/onnx/operators/#ai-onnx-ml */
export const mlDomain = "ai.onnx.ml";
