import { GraftError } from "@graftjs/tensor";

/**
 * The base of everything that `@graftjs/onnx` throws on purpose.
 *
 * @example
 * ```ts
 * import { OnnxError, readModel } from "@graftjs/onnx";
 *
 * try {
 *   readModel(new Uint8Array());
 * } catch (error) {
 *   console.log(error instanceof OnnxError); // true
 * }
 * ```
 */
export class OnnxError extends GraftError {}

/**
 * The bytes are no ONNX model at all: text, an archive, an empty file.
 *
 * @example
 * ```ts
 * import { NotOnnxError, readModel } from "@graftjs/onnx";
 *
 * try {
 *   readModel(new TextEncoder().encode("<html>"));
 * } catch (error) {
 *   console.log(error instanceof NotOnnxError); // true
 * }
 * ```
 */
export class NotOnnxError extends OnnxError {
  constructor(reason: string, help = "Give a file that an ONNX exporter wrote.") {
    super(`This is not an ONNX model: ${reason}. ${help}`, {
      op: "readModel",
      expected: "an ONNX model",
      got: reason,
      help,
    });
  }
}

/**
 * The bytes begin as an ONNX model, but end too early.
 *
 * @example
 * ```ts
 * import { readFile } from "node:fs/promises";
 * import { readModel, TruncatedModelError } from "@graftjs/onnx";
 *
 * const bytes = await readFile("fixtures/onnx/resnet.onnx");
 * try {
 *   readModel(bytes.subarray(0, 100));
 * } catch (error) {
 *   if (error instanceof TruncatedModelError) console.log(error.help); // "Download or copy the file again."
 * }
 * ```
 */
export class TruncatedModelError extends OnnxError {
  /** Offset of the field that does not fit any more. */
  readonly offset: number;
  readonly byteLength: number;

  constructor(offset: number, byteLength: number, missing: string) {
    const help = "Download or copy the file again.";
    super(`The model is truncated: ${missing}, but the file ends at byte ${byteLength}. ${help}`, {
      op: "readModel",
      expected: missing,
      got: `${byteLength} bytes`,
      help,
    });
    this.offset = offset;
    this.byteLength = byteLength;
  }
}

/**
 * The file is ONNX, but breaks a rule of the format; the message names where.
 *
 * @example
 * ```ts
 * import { InvalidModelError } from "@graftjs/onnx";
 *
 * const error = new InvalidModelError('node "conv_1"', "it has no output");
 * console.log(error.message); // "The model is not valid: node \"conv_1\": it has no output."
 * ```
 */
export class InvalidModelError extends OnnxError {
  constructor(where: string, problem: string, options?: ErrorOptions) {
    super(`The model is not valid: ${where}: ${problem}.`, { op: "readModel", got: problem }, options);
  }
}

/**
 * The file is valid, but outside of what Graft reads (its opset, its size, how deep its graphs lie in each other).
 *
 * @example
 * ```ts
 * import { UnsupportedModelError } from "@graftjs/onnx";
 *
 * const error = new UnsupportedModelError("it is of operator set 3", "Export it again with a newer one.");
 * console.log(error.help); // "Export it again with a newer one."
 * ```
 */
export class UnsupportedModelError extends OnnxError {
  constructor(problem: string, help: string) {
    super(`The model is not supported: ${problem}. ${help}`, { op: "readModel", got: problem, help });
  }
}

/** One node that cannot be imported. */
export interface UnsupportedNode {
  /** The node's name; its first output where it has none. */
  readonly node: string;
  readonly opType: string;
  readonly domain: string;
  readonly reason: string;
}

/** One line an operator and reason, with the nodes that it concerns. */
export function summarize(nodes: readonly UnsupportedNode[]): string[] {
  const groups = new Map<string, UnsupportedNode[]>();
  for (const node of nodes) {
    const key = `${node.opType}\n${node.reason}`;
    groups.set(key, [...(groups.get(key) ?? []), node]);
  }
  return [...groups.values()].map((group) => {
    const [{ opType, reason }] = group as [UnsupportedNode];
    const named = group.slice(0, 2).map(({ node }) => `"${node}"`);
    const more = group.length > named.length ? ` and ${group.length - named.length} more` : "";
    return `${opType} at node ${named.join(", ")}${more} (${reason})`;
  });
}

/**
 * Nodes whose operator, attribute or input form cannot be imported as part of a trainable module.
 *
 * @example
 * ```ts
 * import { UnsupportedOperatorError } from "@graftjs/onnx";
 * import { load } from "@graftjs/onnx/node";
 *
 * try {
 *   await load("fixtures/onnx/quantised.onnx");
 * } catch (error) {
 *   if (error instanceof UnsupportedOperatorError) console.log(error.nodes[0]?.opType); // "DynamicQuantizeLinear"
 * }
 * ```
 */
export class UnsupportedOperatorError extends OnnxError {
  readonly nodes: readonly UnsupportedNode[];

  constructor(nodes: readonly UnsupportedNode[], help: string) {
    const problem = summarize(nodes).join("; ");
    super(`Cannot import ${problem}. ${help}`, { op: "importModel", got: problem, help });
    this.nodes = nodes;
  }
}

/**
 * The model file itself cannot be read.
 *
 * @example
 * ```ts
 * import { ModelFileError } from "@graftjs/onnx";
 * import { load } from "@graftjs/onnx/node";
 *
 * try {
 *   await load("missing.onnx");
 * } catch (error) {
 *   if (error instanceof ModelFileError) console.log(error.file, error.got); // "missing.onnx" "there is no such file"
 * }
 * ```
 */
export class ModelFileError extends OnnxError {
  readonly file: string;

  constructor(file: string, code: string, options?: ErrorOptions) {
    const problem =
      code === "ENOENT"
        ? "there is no such file"
        : code === "EISDIR"
          ? "it is a folder"
          : `it cannot be read (${code})`;
    super(`Model "${file}": ${problem}.`, { op: "load", expected: "an ONNX file", got: problem }, options);
    this.file = file;
  }
}

/**
 * A tensor's data lies in another file that is missing, too short, or outside of the model's folder.
 *
 * @example
 * ```ts
 * import { readFile } from "node:fs/promises";
 * import { ExternalDataError, importModel } from "@graftjs/onnx";
 *
 * try {
 *   importModel(await readFile("fixtures/onnx/external.onnx")); // its data lie in a file beside it: load(path) finds that
 * } catch (error) {
 *   if (error instanceof ExternalDataError) console.log(error.location); // "external.data"
 * }
 * ```
 */
export class ExternalDataError extends OnnxError {
  readonly location: string;

  constructor(location: string, problem: string, help: string) {
    super(`External data "${location}": ${problem}. ${help}`, { op: "readModel", got: problem, help });
    this.location = location;
  }
}

/**
 * An input given to an imported model does not fit the model's declared input.
 *
 * @example
 * ```ts
 * import { ModelInputError } from "@graftjs/onnx";
 * import { load } from "@graftjs/onnx/node";
 * import { ones } from "@graftjs/tensor";
 *
 * const network = await load("fixtures/onnx/resnet.onnx");
 * try {
 *   network.forward(ones([4, 1, 28, 28]));
 * } catch (error) {
 *   if (error instanceof ModelInputError) console.log(error.got); // "[4, 1, 28, 28]"
 * }
 * ```
 */
export class ModelInputError extends OnnxError {
  constructor(expected: string, got: string) {
    super(`The model's input expects ${expected}, got ${got}.`, { op: "OnnxModule.forward", expected, got });
  }
}

/**
 * A node could not run on the values that reached it; the cause is the op's own error.
 *
 * @example
 * ```ts
 * import { NodeError } from "@graftjs/onnx";
 *
 * const error = new NodeError("conv_1", "Conv", "the weight has 3 channels, the input 1");
 * console.log(error.node, error.opType, error.message); // "conv_1" "Conv" "Conv at node \"conv_1\": the weight…"
 * ```
 */
export class NodeError extends OnnxError {
  readonly node: string;
  readonly opType: string;

  constructor(node: string, opType: string, problem: string, options?: ErrorOptions) {
    super(`${opType} at node "${node}": ${problem}`, { op: opType, got: problem }, options);
    this.node = node;
    this.opType = opType;
  }
}

/**
 * No place for a new head: none found by itself, or the named tensor does not serve.
 *
 * @example
 * ```ts
 * import { CutError } from "@graftjs/onnx";
 * import { load } from "@graftjs/onnx/node";
 *
 * const network = await load("fixtures/onnx/resnet.onnx");
 * try {
 *   network.cut("nowhere");
 * } catch (error) {
 *   if (error instanceof CutError) console.log(error.message); // "The model computes no value \"nowhere\". Name…"
 * }
 * ```
 */
export class CutError extends OnnxError {
  constructor(problem: string, help: string) {
    super(`${problem}. ${help}`, { op: "cut", got: problem, help });
  }
}

/**
 * The head is built of layers that cannot be written as ONNX nodes.
 *
 * @example
 * ```ts
 * import { Linear, Module } from "@graftjs/nn";
 * import { exportModel, HeadExportError } from "@graftjs/onnx";
 * import { load } from "@graftjs/onnx/node";
 * import { erfinv, tanh, type Tensor } from "@graftjs/tensor";
 *
 * const network = await load("fixtures/onnx/resnet.onnx");
 * class Probit extends Module {
 *   fc = new Linear(8, 3);
 *   forward(x: Tensor) {
 *     return erfinv(tanh(this.fc.forward(x)));
 *   }
 * }
 * network.replaceHead(new Probit());
 * try {
 *   await exportModel(network);
 * } catch (error) {
 *   if (error instanceof HeadExportError) console.log(error.message); // "It cannot be written as ONNX: op erfinv…"
 * }
 * ```
 */
export class HeadExportError extends OnnxError {
  constructor(problem: string, help: string) {
    super(`${problem}. ${help}`, { op: "exportModel", got: problem, help });
  }
}

/**
 * The exported file does not compute what the trained module computes; nothing was written.
 *
 * @example
 * ```ts
 * import { ExportMismatchError } from "@graftjs/onnx";
 *
 * const error = new ExportMismatchError(0.5, 1e-4);
 * console.log(error.maxAbsError, error.limit); // 0.5 1.0e-4
 * ```
 */
export class ExportMismatchError extends OnnxError {
  readonly maxAbsError: number;
  readonly limit: number;

  constructor(maxAbsError: number, limit: number, help: string = "Please report this with the model.") {
    super(
      `The exported model differs from the trained module by ${maxAbsError}, more than ${limit}; nothing was written. ${help}`,
      { op: "exportModel", expected: `a difference of at most ${limit}`, got: String(maxAbsError), help },
    );
    this.maxAbsError = maxAbsError;
    this.limit = limit;
  }
}
