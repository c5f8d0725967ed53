import type { InferenceSession, InferenceSessionFactory, TensorConstructor } from "onnxruntime-web";
import { onnxFeatures } from "../networks/onnx.ts";
import { images } from "../networks/values.ts";
import type { Run } from "../protocol.ts";
import { inputShape, type Workload } from "../workloads/workload.ts";

/** What the node and the web package have in common. */
interface OnnxRuntime {
  readonly InferenceSession: InferenceSessionFactory;
  readonly Tensor: TensorConstructor;
}

/** Computes features from an ONNX file, all graph optimisations on. */
export async function prepareSession(
  ort: OnnxRuntime,
  workload: Workload,
  options: InferenceSession.SessionOptions,
): Promise<Run> {
  if (workload.task !== "features") throw new Error("cannot train");
  const session = await ort.InferenceSession.create(onnxFeatures(workload.network), {
    graphOptimizationLevel: "all",
    ...options,
  });
  const shape = inputShape(workload);
  const input = new ort.Tensor("float32", images(shape), shape);
  return async () => {
    const { features } = await session.run({ input });
    const data = features?.data as Float32Array;
    return data.reduce((sum, value) => sum + value, 0) / data.length;
  };
}
