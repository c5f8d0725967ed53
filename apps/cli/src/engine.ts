import type { OnnxModule } from "@graftjs/onnx";
import type { FeatureEngine } from "@graftjs/recipes";
import { type ExecutionProvider, hasOnnxRuntime, onnxRuntimeEngine } from "@graftjs/recipes/node";

export type EngineChoice = "auto" | "graft" | "onnxruntime";

export const engineChoices: readonly EngineChoice[] = ["auto", "graft", "onnxruntime"];

export const providers: readonly ExecutionProvider[] = ["cpu", "cuda", "coreml", "webgpu", "dml"];

/** What `--engine` asks for; `undefined` is our own device. @throws {OnnxRuntimeError} if it is named and not to be had. */
export async function openEngine(
  choice: EngineChoice,
  provider: ExecutionProvider | undefined,
  model: OnnxModule,
): Promise<FeatureEngine | undefined> {
  if (choice === "graft" || (choice === "auto" && !(await hasOnnxRuntime()))) return undefined;
  return onnxRuntimeEngine(model, provider ? { provider } : {});
}
