import type { Linear } from "@graftjs/nn";
import type { z } from "zod";
import { evaluateFeatures } from "../evaluateFeatures.ts";
import { computeFeatures } from "../features.ts";
import { FrozenWitness } from "../frozen.ts";
import { identityOf } from "../identity.ts";
import type { Job, Recipe, RecipeEvent, RecipeResult } from "../recipe.ts";
import { trainHead } from "../trainHead.ts";
import { linearProbeSchema } from "./schema.ts";

/**
 * Trains a new linear head on a frozen backbone. The backbone sees each image once, in evaluation mode; its features
 * are cached, and the head alone is trained on them.
 */
export const linearProbe: Recipe<typeof linearProbeSchema> = {
  name: "linear-probe",
  summary: "freeze the backbone, train a new head on its features (fast, hard to get wrong)",
  schema: linearProbeSchema,
  run,
};

async function* run(job: Job, options: z.output<typeof linearProbeSchema>): AsyncGenerator<RecipeEvent, RecipeResult> {
  const started = Date.now();
  const { model, classes } = job;
  const head = model.replaceHead(classes.length, { seed: options.seed }) as Linear;
  model.freezeBackbone();
  model.eval();
  const witness = new FrozenWitness(model);
  const train = yield* computeFeatures(job, "train");
  const val = yield* computeFeatures(job, "val");
  const identity = identityOf(linearProbe.name, options, job);
  const history = yield* trainHead(job, head, { train, val }, options, identity, witness.parameters);
  const [onTrain, onVal] = [await evaluateFeatures(job, head, train), await evaluateFeatures(job, head, val)];
  return {
    train: { loss: onTrain.loss, accuracy: onTrain.accuracy },
    val: onVal,
    history,
    frozen: witness.check(),
    seconds: (Date.now() - started) / 1000,
    images: train.labels.length + val.labels.length,
    skipped: train.skipped + val.skipped,
  };
}
