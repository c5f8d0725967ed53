import type { OnnxModule } from "@graftjs/onnx";
import {
  type ExecutionProvider,
  engineOf,
  OnnxRuntimeError,
  type OnnxRuntimeOptions,
  type Runtime,
} from "./onnxRuntime.ts";
import type { FeatureEngine } from "./recipe.ts";

/** Options of {@link onnxRuntimeWebEngine}. */
export interface OnnxRuntimeWebOptions extends OnnxRuntimeOptions {
  /**
   * Where ONNX Runtime's WebAssembly lies: the folder's URL with a slash at its end, or the URLs of both files. Default:
   * beside its script, which a bundler may have moved.
   */
  readonly wasmPaths?: string | { readonly mjs?: string; readonly wasm?: string };
}

/**
 * ONNX Runtime's WebAssembly build as the engine of a model's frozen backbone, in browsers and in Node. It is an optional
 * dependency: `npm install onnxruntime-web`. Providers: `wasm`, and where the browser has them `webgpu` and `webnn`. Its
 * results depend on its version and provider, in the last bits. Its first engine decides over threads and paths of all.
 * @throws {OnnxRuntimeError} if it is not installed, or refuses the model. @throws {ProviderError} if it has not the provider.
 *
 * @example
 * ```ts
 * import { load } from "@graftjs/onnx/node";
 * import { onnxRuntimeWebEngine } from "@graftjs/recipes";
 *
 * const engine = await onnxRuntimeWebEngine(await load("fixtures/onnx/resnet.onnx"), { provider: "wasm", threads: 1 });
 * const features = await engine.features(new Float32Array(2 * 3 * 16 * 16), [2, 3, 16, 16]);
 * console.log(engine.name, features.length); // "onnxruntime-web …" 16
 * ```
 */
export async function onnxRuntimeWebEngine(
  model: OnnxModule,
  options: OnnxRuntimeWebOptions = {},
): Promise<FeatureEngine> {
  const runtime = await loadRuntimeWeb();
  const { wasm } = runtime.api.env;
  if (options.wasmPaths !== undefined) wasm.wasmPaths = options.wasmPaths;
  if (options.threads !== undefined) wasm.numThreads = options.threads;
  return engineOf(model, runtime, options);
}

/** @throws {OnnxRuntimeError} if the package cannot be loaded. */
export async function loadRuntimeWeb(): Promise<Runtime> {
  try {
    return { name: "onnxruntime-web", api: await import("onnxruntime-web"), providers: webProviders() };
  } catch (cause) {
    throw new OnnxRuntimeError(
      "ONNX Runtime is not installed. Run `npm install onnxruntime-web`, or use the engine graft.",
      {},
      { cause },
    );
  }
}

/** In Node, the package has WebAssembly alone, even where `navigator` is there. */
function webProviders(): readonly ExecutionProvider[] {
  const { navigator, process } = globalThis as {
    navigator?: object;
    process?: { versions?: { node?: string } };
  };
  const has = (api: string): boolean => !process?.versions?.node && navigator !== undefined && api in navigator;
  return ["wasm", ...(has("gpu") ? ["webgpu" as const] : []), ...(has("ml") ? ["webnn" as const] : [])];
}
