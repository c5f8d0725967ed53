import type { Job } from "./recipe.ts";

/** What a checkpoint must have been written with, to go on from it. */
export function identityOf(recipe: string, options: object, job: Job): string {
  const { fingerprint, classes, engine } = job;
  return JSON.stringify({ recipe, options, fingerprint, classes, engine: engine?.name });
}
