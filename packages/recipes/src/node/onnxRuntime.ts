import { exportFeatures, type OnnxModule } from "@graftjs/onnx";
import { GraftError } from "@graftjs/tensor";
import type * as OnnxRuntime from "onnxruntime-node";
import type { FeatureEngine } from "../recipe.ts";

/** What of a machine ONNX Runtime computes on; which are there depends on its build. */
export type ExecutionProvider = "cpu" | "cuda" | "coreml" | "webgpu" | "dml";

/** `onnxruntime-node` is not installed, or does not take the model. */
export class OnnxRuntimeError extends GraftError {}

export interface OnnxRuntimeOptions {
  /** Default `"cpu"`. */
  readonly provider?: ExecutionProvider;
  /** Threads of the CPU provider. Default: ONNX Runtime's choice. */
  readonly threads?: number;
}

/**
 * ONNX Runtime as the engine of a model's frozen backbone. It is an optional dependency: `npm install onnxruntime-node`.
 * Its results depend on its version, provider and number of threads, in the last bits.
 * @throws {OnnxRuntimeError} if it is not installed, or refuses the model or the provider.
 */
export async function onnxRuntimeEngine(model: OnnxModule, options: OnnxRuntimeOptions = {}): Promise<FeatureEngine> {
  const { provider = "cpu", threads } = options;
  const { InferenceSession, Tensor, env } = await loadRuntime();
  let session: OnnxRuntime.InferenceSession;
  try {
    session = await InferenceSession.create(exportFeatures(model), {
      executionProviders: [provider],
      ...(threads !== undefined && { intraOpNumThreads: threads }),
    });
  } catch (cause) {
    throw new OnnxRuntimeError(
      `ONNX Runtime (${provider}) does not take the model: ${(cause as Error).message}`,
      {},
      { cause },
    );
  }
  const [input, output] = [session.inputNames[0] as string, session.outputNames[0] as string];
  return {
    name: `onnxruntime-node ${env.versions.node ?? env.versions.common} (${provider})`,
    features: async (inputs, shape) => {
      const results = await session.run({ [input]: new Tensor("float32", inputs, shape) });
      return (results[output] as OnnxRuntime.Tensor).data as Float32Array;
    },
  };
}

/** Whether `onnxruntime-node` can be loaded. */
export function hasOnnxRuntime(): Promise<boolean> {
  return loadRuntime().then(
    () => true,
    () => false,
  );
}

async function loadRuntime(): Promise<typeof OnnxRuntime> {
  try {
    return await import("onnxruntime-node");
  } catch (cause) {
    throw new OnnxRuntimeError(
      "ONNX Runtime is not installed. Run `npm install onnxruntime-node`, or use the engine graft.",
      {},
      { cause },
    );
  }
}
