import { fineTune } from "./fineTune/fineTune.ts";
import { linearProbe } from "./linearProbe/linearProbe.ts";
import type { Recipe } from "./recipe.ts";

/** All recipes, the default first. */
export const recipes: readonly Recipe[] = [linearProbe as unknown as Recipe, fineTune as unknown as Recipe];
