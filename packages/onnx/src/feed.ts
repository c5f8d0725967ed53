import { formatShape, numel, type Tensor, type TensorSpec, tensor } from "@graftjs/tensor";
import { isFloat, toTensor } from "./constant.ts";
import { CutError, InvalidModelError, ModelInputError } from "./errors.ts";
import type { OnnxModel, ValueInfo } from "./model.ts";
import { type GraphValue, isValue } from "./sequence.ts";
import type { Weight } from "./weights.ts";

/** Inputs larger than this, in elements, are taken for a mistake. */
const largestInput = 2 ** 28;

/**
 * Shapes and types of a model's inputs for `batch` samples; integers are int32. The first axis of the first input is the batch, and so
 * is what has the same symbol, or is the first axis of another input and open or of the same size. Sizes of one symbol are equal;
 * open ones of images become 224, others 8.
 * @throws {InvalidModelError} if an input has no shape, or an absurd one
 */
export function inputSpecs({ graph }: OnnxModel, batch: number): TensorSpec[] {
  const baked = graph.inputs[0]?.shape?.[0];
  const sizes = new Map<string, number>();
  if (typeof baked === "string") sizes.set(baked, batch);
  const sampleShape = ({ name, shape }: ValueInfo): number[] => {
    if (!shape) throw new InvalidModelError(`input "${name}"`, "its shape is not declared");
    const sample = shape.map((d, axis) => {
      if (typeof d === "number") return axis === 0 && d === baked ? batch : d;
      const size = (d === undefined ? undefined : sizes.get(d)) ?? (axis === 0 ? batch : shape.length === 4 ? 224 : 8);
      if (d !== undefined) sizes.set(d, size);
      return size;
    });
    if (numel(sample) > largestInput)
      throw new InvalidModelError(`input "${name}"`, `its shape ${formatShape(sample)} is too large`);
    return sample;
  };
  return graph.inputs.map((info) => ({
    shape: sampleShape(info),
    dtype: info.dtype === undefined || isFloat(info.dtype) ? "float32" : info.dtype === "bool" ? "bool" : "int32",
  }));
}

/**
 * Inputs by the names that the graph gives them.
 * @throws {ModelInputError} if there are more or less of them, or a shape is not the declared one; the batch may be any size
 */
export function fed({ graph }: OnnxModel, inputs: readonly Tensor[]): [name: string, Tensor][] {
  if (inputs.length !== graph.inputs.length)
    throw new ModelInputError(`${graph.inputs.length} tensors`, String(inputs.length));
  return graph.inputs.map(({ name, shape }, i) => {
    const given = inputs[i] as Tensor;
    const fits =
      !shape ||
      (shape.length === given.rank &&
        shape.every((d, axis) => axis === 0 || typeof d !== "number" || d === given.shape[axis]));
    if (fits) return [name, given];
    throw new ModelInputError(
      `"${name}" of shape [${shape.map((d) => d ?? "?").join(", ")}]`,
      formatShape(given.shape),
    );
  });
}

/** A tensor that was computed, by its name. @throws {CutError} if there is none of that name, or it is no tensor */
export function resultOf(values: ReadonlyMap<string, GraphValue>, name: string): Tensor {
  const result = values.get(name);
  if (!result) throw new CutError(`The model computes no value "${name}"`, "Name one of its nodes' outputs.");
  if (!isValue(result)) throw new CutError(`The value "${name}" is a sequence`, "Name a tensor.");
  return toTensor(result);
}

/** A stored float tensor as a tensor of float32. */
export function tensorOf({ tensor: { data, dims } }: Weight): Tensor {
  return tensor(new Float32Array(data() as Float32Array), dims);
}
