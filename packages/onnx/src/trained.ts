import { InvalidModelError } from "./errors.ts";
import { largestModel } from "./model.ts";
import type { OnnxModule } from "./module.ts";
import type { Edits, InitializerSpec } from "./splice.ts";
import {
  byteLengthOf,
  type ExternalData,
  encodeRaw,
  type OnnxArray,
  type ReadExternal,
  type TensorData,
} from "./tensorData.ts";
import type { Weight } from "./weights.ts";

/** A weight whose elements differ from those that the file has for it. */
export interface TrainedElements {
  readonly weight: Weight;
  readonly elements: OnnxArray;
}

/** A data file beside a model. */
export interface DataFile {
  /** Path relative to the model's folder. */
  readonly location: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/**
 * Parameters and buffers that differ from the file's, as the file's element type stores them.
 * @param merge - adds to the elements, by name, what is kept beside them.
 */
export async function trainedElements(
  module: OnnxModule,
  merge?: (elements: Map<string, OnnxArray>) => Promise<void>,
): Promise<TrainedElements[]> {
  const elements = new Map<string, OnnxArray>();
  for (const [name, tensor] of [...module.namedParameters(), ...module.namedBuffers()])
    if (module.weights.has(name)) elements.set(name, (await tensor.read()) as Float32Array);
  for (const { name, tensor, tie } of module.weights.values()) {
    const origin = tie && elements.get(tie.of);
    if (origin) elements.set(name, tie.transposed ? transposed(origin, tensor.dims as [number, number]) : origin);
  }
  await merge?.(elements);
  // As float32, which is what is trained: the rest of a double is no change.
  const read = (tensor: TensorData): Float32Array => new Float32Array(tensor.data() as Float32Array);
  const stored = (name: string): Uint8Array => {
    const { tensor } = module.weights.get(name) as Weight;
    return encodeRaw(tensor.dtype, elements.get(name) ?? read(tensor));
  };
  return [...elements].flatMap(([name, now]) => {
    const weight = module.weights.get(name) as Weight;
    const { source, tensor } = weight;
    // A copy is what its origin is in the new file.
    const old = source.type === "copy" ? stored(source.of) : encodeRaw(tensor.dtype, read(tensor));
    return sameBytes(stored(name), old) ? [] : [{ weight, elements: now }];
  });
}

/** The elements of a matrix of these sizes, out of those of its transpose. */
function transposed(elements: OnnxArray, [rows, columns]: readonly [number, number]): Float32Array {
  return Float32Array.from(
    { length: elements.length },
    (_, i) => elements[(i % columns) * rows + Math.floor(i / columns)] as number,
  );
}

function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i]);
}

/** Whether edits, those for a new head, take a weight away. */
export function isRemoved({ name, source }: Weight, { removeInitializers, removeNodes }: Edits): boolean {
  if (source.type === "initializer") return removeInitializers?.has(name) ?? false;
  return removeNodes?.has(source.node.index) ?? false;
}

/** The edits that write trained elements, each where its weight is stored; what `others` add and remove is in them. */
export function editsOf(trained: readonly TrainedElements[], others: Edits): Edits {
  const replaceInitializers = new Map<string, OnnxArray>();
  const replaceConstants = new Map<number, OnnxArray>();
  const replaceAttributes = new Map<number, ReadonlyMap<string, OnnxArray>>();
  const apart: InitializerSpec[] = [];
  const replaced = new Set<number>();
  for (const { weight, elements } of trained) {
    const { name, source, tensor } = weight;
    if (isRemoved(weight, others)) continue;
    if (source.type === "initializer") replaceInitializers.set(name, elements);
    else if (source.type === "constant") replaceConstants.set(source.node.index, elements);
    else if (source.type === "attribute") {
      const { index } = source.node;
      replaceAttributes.set(index, new Map([...(replaceAttributes.get(index) ?? []), [source.attribute, elements]]));
    } else {
      apart.push({ name, dims: tensor.dims, dtype: tensor.dtype, data: elements });
      replaced.add(source.node.index);
    }
  }
  return {
    ...(replaceInitializers.size > 0 && { replaceInitializers }),
    ...(replaceConstants.size > 0 && { replaceConstants }),
    ...(replaceAttributes.size > 0 && { replaceAttributes }),
    ...(apart.length > 0 && {
      addInitializers: [...(others.addInitializers ?? []), ...apart],
      removeNodes: new Set([...(others.removeNodes ?? []), ...replaced]),
    }),
  };
}

/** Tensors in a data file begin at multiples of this, so that they can be mapped into memory. */
const alignment = 4096;

/**
 * The data file for replaced initializers, and where each lies in it; `undefined` if they go into the model file: no location is given,
 * and it stays smaller than `largest`.
 * @throws {InvalidModelError} if the model has a data file of that name
 */
export function dataFileOf(
  { model }: OnnxModule,
  { replaceInitializers, addInitializers = [] }: Edits,
  location: string | undefined,
  largest: number = largestModel,
): { readonly file: DataFile; readonly places: ReadonlyMap<string, ExternalData> } | undefined {
  const tensors = [...((replaceInitializers as ReadonlyMap<string, OnnxArray> | undefined) ?? [])].map(
    ([name, elements]) => {
      const { dtype, byteLength, external } = model.graph.initializers.get(name) as Weight["tensor"];
      return { name, dtype, elements, byteLength, external };
    },
  );
  // Elements that lie in the model file already take no more room there.
  const moved = tensors.reduce((sum, { byteLength, external }) => sum + (external ? byteLength : 0), 0);
  const added = addInitializers.reduce((sum, { dtype, data }) => sum + byteLengthOf(dtype, data.length), 0);
  const fits = model.bytes.length + moved + added < largest;
  if (tensors.length === 0 || (location === undefined && fits)) return undefined;
  const name = location ?? "trained.onnx.data";
  for (const { external } of model.graph.initializers.values())
    if (external?.location === name)
      throw new InvalidModelError("dataFile", `the model keeps weights in "${name}", which stays; give another name`);
  const places = new Map<string, ExternalData>();
  let end = 0;
  for (const tensor of tensors) {
    const offset = Math.ceil(end / alignment) * alignment;
    places.set(tensor.name, { location: name, offset, length: tensor.byteLength });
    end = offset + tensor.byteLength;
  }
  const bytes = new Uint8Array(end);
  for (const tensor of tensors)
    bytes.set(encodeRaw(tensor.dtype, tensor.elements), (places.get(tensor.name) as ExternalData).offset);
  return { file: { location: name, bytes }, places };
}

/** Reads a data file that is in memory, and others as before. */
export function withFile(file: DataFile, others: ReadExternal | undefined): ReadExternal {
  return (location, offset, length) => {
    if (location === file.location) return file.bytes.subarray(offset, offset + length);
    return others?.(location, offset, length) ?? new Uint8Array(0);
  };
}
