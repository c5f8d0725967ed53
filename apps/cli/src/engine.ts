import type { OnnxModule } from "@graftjs/onnx";
import type { ExecutionProvider, FeatureEngine } from "@graftjs/recipes";
import { installedOnnxRuntime, onnxRuntimeEngine } from "@graftjs/recipes/node";

export type EngineChoice = "auto" | "graft" | "onnxruntime";

export const engineChoices: readonly EngineChoice[] = ["auto", "graft", "onnxruntime"];

export const providers: readonly ExecutionProvider[] = ["cpu", "cuda", "coreml", "webgpu", "dml", "wasm"];

/**
 * What `--engine` asks for; `undefined` is our own device. Of itself, only the native ONNX Runtime is chosen: that
 * for browsers is slower than ours.
 * @throws {OnnxRuntimeError} if it is named and not to be had.
 */
export async function openEngine(
  choice: EngineChoice,
  provider: ExecutionProvider | undefined,
  model: OnnxModule,
): Promise<FeatureEngine | undefined> {
  if (choice === "graft" || (choice === "auto" && (await installedOnnxRuntime()) !== "onnxruntime-node"))
    return undefined;
  return onnxRuntimeEngine(model, provider ? { provider } : {});
}
