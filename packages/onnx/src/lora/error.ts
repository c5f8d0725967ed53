import { OnnxError } from "../errors.ts";

/**
 * A weight that cannot be adapted, targets that name none, or an update that cannot be written as was asked.
 *
 * @example
 * ```ts
 * import { LoraError } from "@graftjs/onnx";
 * import { load } from "@graftjs/onnx/node";
 *
 * const network = await load("fixtures/onnx/lenet.onnx");
 * try {
 *   network.addLora({ targets: ["encoder"] });
 * } catch (error) {
 *   if (error instanceof LoraError) console.log(error.message); // "No layer that can be adapted is named encoder. …"
 * }
 * ```
 */
export class LoraError extends OnnxError {
  constructor(op: "addLora" | "exportModel", problem: string, help: string) {
    super(`${problem}. ${help}`, { op, got: problem, help });
  }
}
