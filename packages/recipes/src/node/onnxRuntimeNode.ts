import type { OnnxModule } from "@graftjs/onnx";
import {
  type ExecutionProvider,
  engineOf,
  OnnxRuntimeError,
  type OnnxRuntimeOptions,
  type OnnxRuntimePackage,
  type Runtime,
} from "../onnxRuntime.ts";
import { loadRuntimeWeb, onnxRuntimeWebEngine } from "../onnxRuntimeWeb.ts";
import type { FeatureEngine } from "../recipe.ts";

/** Options of {@link onnxRuntimeEngine}. */
export interface OnnxRuntimeNodeOptions extends OnnxRuntimeOptions {
  /** Default: `onnxruntime-node` where it is installed, else `onnxruntime-web`. */
  readonly package?: OnnxRuntimePackage;
}

/**
 * ONNX Runtime as the engine of a model's frozen backbone. It is an optional dependency: `npm install onnxruntime-node`,
 * or, slower but without native code, `onnxruntime-web`. Its results depend on its version, provider and number of threads,
 * in the last bits.
 * @throws {OnnxRuntimeError} if it is not installed, or refuses the model. @throws {ProviderError} if it has not the provider.
 *
 * @example
 * ```ts
 * import { load } from "@graftjs/onnx/node";
 * import { onnxRuntimeEngine } from "@graftjs/recipes/node";
 *
 * const engine = await onnxRuntimeEngine(await load("fixtures/onnx/resnet.onnx"), { provider: "cpu" });
 * const features = await engine.features(new Float32Array(2 * 3 * 16 * 16), [2, 3, 16, 16]);
 * console.log(engine.name, features.length); // "onnxruntime-node …" 16
 * ```
 */
export async function onnxRuntimeEngine(
  model: OnnxModule,
  options: OnnxRuntimeNodeOptions = {},
): Promise<FeatureEngine> {
  const runtime = await loadRuntime(options.package);
  return runtime.name === "onnxruntime-web" ? onnxRuntimeWebEngine(model, options) : engineOf(model, runtime, options);
}

/**
 * Which package of ONNX Runtime can be loaded, the native one before the other; `undefined` without any.
 *
 * @example
 * ```ts
 * import { installedOnnxRuntime } from "@graftjs/recipes/node";
 *
 * const runtime = await installedOnnxRuntime();
 * console.log(runtime === undefined || runtime.startsWith("onnxruntime-")); // true
 * ```
 */
export function installedOnnxRuntime(): Promise<OnnxRuntimePackage | undefined> {
  return loadRuntime(undefined).then(
    ({ name }) => name,
    () => undefined,
  );
}

async function loadRuntime(name: OnnxRuntimePackage | undefined): Promise<Runtime> {
  if (name === "onnxruntime-node") return loadRuntimeNode();
  if (name === "onnxruntime-web") return loadRuntimeWeb();
  return loadRuntimeNode().catch((error: unknown) =>
    loadRuntimeWeb().catch(() => {
      throw error;
    }),
  );
}

async function loadRuntimeNode(): Promise<Runtime> {
  try {
    const api = await import("onnxruntime-node");
    const providers = api.listSupportedBackends().map(({ name }) => name as ExecutionProvider);
    return { name: "onnxruntime-node", api, providers };
  } catch (cause) {
    throw new OnnxRuntimeError(
      "ONNX Runtime is not installed. Run `npm install onnxruntime-node` (or onnxruntime-web), or use the engine graft.",
      {},
      { cause },
    );
  }
}
