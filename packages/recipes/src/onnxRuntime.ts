import { exportFeatures, type OnnxModule } from "@graftjs/onnx";
import { GraftError } from "@graftjs/tensor";
import type { Env, InferenceSession, InferenceSessionFactory, Tensor, TensorConstructor } from "onnxruntime-web";
import type { FeatureEngine } from "./recipe.ts";

/** What of a machine ONNX Runtime computes on; which are there depends on the package, its build and the machine. */
export type ExecutionProvider = "cpu" | "wasm" | "cuda" | "coreml" | "webgpu" | "webnn" | "dml";

/** The packages that ONNX Runtime comes in: native for Node, and WebAssembly for browsers, which Node runs too. */
export type OnnxRuntimePackage = "onnxruntime-node" | "onnxruntime-web";

/**
 * ONNX Runtime is not installed, or does not take the model.
 *
 * @example
 * ```ts
 * import { OnnxRuntimeError, ProviderError } from "@graftjs/recipes";
 *
 * const error: OnnxRuntimeError = new ProviderError("onnxruntime-node 1.22", "cuda", ["cpu"]);
 * console.log(error instanceof OnnxRuntimeError); // true
 * ```
 */
export class OnnxRuntimeError extends GraftError {}

/**
 * The installed ONNX Runtime has not the provider that was asked for.
 *
 * @example
 * ```ts
 * import { ProviderError } from "@graftjs/recipes";
 *
 * const error = new ProviderError("onnxruntime-node 1.22", "cuda", ["cpu"]);
 * console.log(error.message); // "onnxruntime-node 1.22 offers cpu here, not cuda. Choose one of them."
 * ```
 */
export class ProviderError extends OnnxRuntimeError {
  readonly provider: ExecutionProvider;
  /** What it has. */
  readonly offered: readonly ExecutionProvider[];

  constructor(runtime: string, provider: ExecutionProvider, offered: readonly ExecutionProvider[]) {
    const help = `Choose one of them${runtime.startsWith("onnxruntime-web") ? ", or install onnxruntime-node" : ""}.`;
    super(`${runtime} offers ${offered.join(", ")} here, not ${provider}. ${help}`, {
      ...{ op: "onnxRuntimeEngine", expected: offered.join(", "), got: provider, help },
    });
    this.provider = provider;
    this.offered = offered;
  }
}

/** Options of the engines of ONNX Runtime. */
export interface OnnxRuntimeOptions {
  /** Default: `cpu` of onnxruntime-node, `wasm` of onnxruntime-web. */
  readonly provider?: ExecutionProvider;
  /** Threads of the providers `cpu` and `wasm`. Default: ONNX Runtime's choice. */
  readonly threads?: number;
}

/** What is used of either package. */
export interface Runtime {
  readonly name: OnnxRuntimePackage;
  readonly api: {
    readonly InferenceSession: InferenceSessionFactory;
    readonly Tensor: TensorConstructor;
    readonly env: Env;
  };
  /** The default first. */
  readonly providers: readonly ExecutionProvider[];
}

/** An engine for a model's frozen backbone. @throws {ProviderError} @throws {OnnxRuntimeError} */
export async function engineOf(
  model: OnnxModule,
  { name, api, providers }: Runtime,
  { provider = providers[0] as ExecutionProvider, threads }: OnnxRuntimeOptions,
): Promise<FeatureEngine> {
  const { versions } = api.env;
  const runtime = `${name} ${(name === "onnxruntime-node" ? versions.node : versions.web) ?? versions.common}`;
  if (!providers.includes(provider)) throw new ProviderError(runtime, provider, providers);
  let session: InferenceSession;
  try {
    session = await api.InferenceSession.create(exportFeatures(model), {
      executionProviders: [provider],
      ...(threads !== undefined && { intraOpNumThreads: threads }),
    });
  } catch (cause) {
    throw new OnnxRuntimeError(`${runtime} (${provider}) does not take the model: ${messageOf(cause)}`, {}, { cause });
  }
  const [input, output] = [session.inputNames[0] as string, session.outputNames[0] as string];
  return {
    name: `${runtime} (${provider})`,
    features: async (inputs, shape) => {
      const results = await session.run({ [input]: new api.Tensor("float32", inputs, shape) });
      return (await (results[output] as Tensor).getData()) as Float32Array;
    },
  };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
