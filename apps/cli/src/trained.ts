import { fromMetadata, type Preprocessing } from "@graftjs/data";
import type { OnnxModule } from "@graftjs/onnx";
import { load } from "@graftjs/onnx/node";

/** A model that `graft train` wrote: with its preprocessing and the names of its classes. */
export interface TrainedModel {
  readonly model: OnnxModule;
  readonly preprocessing: Preprocessing;
  readonly labels: readonly string[];
}

/** @throws {PreprocessingError} if the file does not say how its images are to be prepared. */
export async function loadTrained(path: string): Promise<TrainedModel> {
  const model = await load(path);
  model.eval();
  return { model, ...fromMetadata(model.model.metadata) };
}
