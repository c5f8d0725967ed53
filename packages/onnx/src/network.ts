import type { AnyModule } from "@graftjs/nn";
import { ArgumentError, type Storage, type Tensor } from "@graftjs/tensor";
import { emitGraph } from "./emit.ts";
import { HeadExportError } from "./errors.ts";
import { evaluating } from "./evaluating.ts";
import type { ExportResult } from "./export.ts";
import { type Dimension, readModel } from "./model.ts";
import { proto } from "./proto.ts";
import { type NodeSpec, splice } from "./splice.ts";
import { dtypeNumber } from "./tensorData.ts";
import { traceBatch } from "./trace.ts";
import { type Network, type VerifyOptions, verify } from "./verify.ts";

/** One of the inputs of a file that {@link exportNetwork} writes. */
export interface NetworkInput {
  readonly name: string;
  /** The first size is the batch, by convention a symbol, and the same for all inputs: `["N", 3, 224, 224]`. */
  readonly shape: readonly [batch: Dimension, ...rest: number[]];
  /** What the file is given; int64 is what tokenizers return, and becomes int32 for the network. Default `"float32"`. */
  readonly type?: "float32" | "int32" | "int64";
}

/** Options of {@link exportNetwork}. */
export interface NetworkExportOptions extends VerifyOptions {
  /** What the file is given, in the order in which `forward` takes it. */
  readonly inputs?: readonly NetworkInput[];
  /** Instead of `inputs`, where there is one: its shape. */
  readonly inputShape?: NetworkInput["shape"];
  /** Its name; default `"input"`. */
  readonly inputName?: string;
  /** Its type; default `"float32"`. */
  readonly inputType?: NetworkInput["type"];
  /** Default `"logits"`. */
  readonly outputName?: string;
  /** Version of the operator set, from 13 on. Default 17. */
  readonly opset?: number;
  /** Name of the graph. Default `"network"`. */
  readonly name?: string;
  readonly metadata?: Readonly<Record<string, string>>;
}

/** How a network is called that takes something else than tensors in a row. */
export interface NetworkCall {
  /** What the network returns for the file's inputs: `(ids, mask) => bert.forward(ids, { attentionMask: mask })`. */
  readonly forward: (...inputs: Tensor[]) => Tensor;
}

/**
 * Writes a network that was built in TypeScript as an ONNX file: it is traced in evaluation mode, and its parameters and buffers keep
 * their names. BatchNorm layers stay BatchNormalization nodes, so that the file can be fine-tuned like any other.
 * The file is read back, run, and compared with the network before it is returned: on noise, or, where the inputs are integers, zeros,
 * so that tokens and masks are better given as `samples`.
 * @throws {ArgumentError} unless the inputs have names and one batch size
 * @throws {HeadExportError} if the network uses an op that cannot be written
 * @throws {ExportMismatchError} if the file computes something else than the network
 *
 * @example
 * ```ts
 * import { Linear, ReLU, Sequential } from "@graftjs/nn";
 * import { exportNetwork, importModel, readModel } from "@graftjs/onnx";
 * import { ones } from "@graftjs/tensor";
 *
 * const network = new Sequential(new Linear(4, 8), new ReLU(), new Linear(8, 2));
 * const { bytes } = await exportNetwork(network, { inputShape: ["N", 4] });
 * console.log(readModel(bytes).graph.nodes.map(({ opType }) => opType)); // ["Gemm", "Relu", "Gemm"]
 * console.log(importModel(bytes).forward(ones([3, 4])).shape); // [3, 2]
 * ```
 *
 * @example Several inputs
 * ```ts
 * import { Bilinear } from "@graftjs/nn";
 * import { exportNetwork, readModel } from "@graftjs/onnx";
 *
 * const network = new Bilinear(3, 4, 2);
 * const { bytes } = await exportNetwork(network, {
 *   inputs: [
 *     { name: "left", shape: ["N", 3] },
 *     { name: "right", shape: ["N", 4] },
 *   ],
 * });
 * console.log(readModel(bytes).graph.inputs.map(({ name }) => name)); // ["left", "right"]
 * ```
 */
export async function exportNetwork(network: Network, options: NetworkExportOptions): Promise<ExportResult>;
export async function exportNetwork(
  network: AnyModule,
  options: NetworkExportOptions & NetworkCall,
): Promise<ExportResult>;
export async function exportNetwork(
  network: AnyModule,
  options: NetworkExportOptions & Partial<NetworkCall>,
): Promise<ExportResult> {
  const { outputName = "logits", opset = 17, name = "network", metadata } = options;
  const forward =
    options.forward ??
    ((...inputs: Tensor[]): Tensor => (network as Network).forward(...(inputs as [Tensor, ...Tensor[]])));
  const inputs = inputsOf(options, outputName);
  const states = new Map<Storage, string>();
  for (const [key, tensor] of [...network.namedParameters(), ...network.namedBuffers()])
    states.set(tensor.storage, key);
  const { graph, batch: traced } = await evaluating(network, () =>
    traceBatch(
      (...given) => [forward(...given)],
      (size) => inputs.map(({ shape: [, ...rest], type }) => ({ shape: [size, ...rest], dtype: computedType(type) })),
    ),
  );
  const [size, ...sizes] = graph.outputs[0]?.spec.shape ?? [];
  if (size !== traced)
    throw new HeadExportError("The network does not return one row a sample", "Keep the batch as the first axis.");

  const casts = inputs.filter(({ type }) => type !== computedType(type)).map(narrowing);
  const emitted = await emitGraph(graph, {
    opset,
    inputs: inputs.map((input) => (input.type === computedType(input.type) ? input.name : narrowing(input).name)),
    output: outputName,
    prefix: "",
    states,
    batch: traced,
  });
  const bytes = splice(readModel(emptyModel(name, opset)), {
    addNodes: [...casts, ...emitted.nodes],
    addInitializers: emitted.initializers,
    inputs: inputs.map(({ name, type, shape }) => ({ name, dtype: type, shape })),
    outputs: [{ name: outputName, dtype: graph.outputs[0]?.spec.dtype, shape: [inputs[0]?.shape[0], ...sizes] }],
    ...(metadata && { metadata }),
  });
  const maxAbsError = await verify(network, readModel(bytes), options, forward);
  return {
    bytes,
    maxAbsError,
    output: outputName,
    changed: [],
    added: emitted.initializers.map((i) => i.name),
    removed: [],
    kept: 0,
  };
}

/** The inputs, whichever way they are given. */
function inputsOf(
  { inputs, inputShape, inputName = "input", inputType }: NetworkExportOptions,
  outputName: string,
): readonly Required<NetworkInput>[] {
  const single = inputShape ? [{ name: inputName, shape: inputShape, ...(inputType && { type: inputType }) }] : [];
  const all = (inputs ?? single).map(({ name, shape, type = "float32" }) => ({ name, shape, type }));
  const refuse = (expected: string, got: string): never => {
    throw new ArgumentError({ op: "exportNetwork", expected, got });
  };
  if (inputs && inputShape) refuse("either inputs or inputShape", "both");
  if (all.length === 0) refuse("at least one input, as inputs or inputShape", "none");
  const names = [...all.map(({ name }) => name), outputName];
  if (names.includes("") || new Set(names).size < names.length)
    refuse("a name of its own for each input and the output", names.map((name) => `"${name}"`).join(", "));
  const batches = new Set(all.map(({ shape: [batch] }) => batch));
  if (batches.size > 1) refuse("one batch size for all inputs", [...batches].map((batch) => batch ?? "?").join(", "));
  return all;
}

/** The type that the network is given. */
function computedType(type: Required<NetworkInput>["type"]): "float32" | "int32" {
  return type === "int64" ? "int32" : type;
}

/** The node that narrows an input of int64. */
function narrowing({ name }: NetworkInput): NodeSpec {
  const narrow = `${name}/int32`;
  const to = { type: "int", value: dtypeNumber("int32") } as const;
  return { name: narrow, opType: "Cast", inputs: [name], outputs: [narrow], attributes: { to } };
}

/** A model of nothing. */
function emptyModel(name: string, opset: number): Uint8Array {
  const opsetImport = [{ domain: "", version: opset }];
  return proto.ModelProto.encode({ irVersion: 8, producerName: "graft", opsetImport, graph: { name } }).finish();
}
