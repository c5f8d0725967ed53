import { frozenFeatures } from "./frozenFeatures.ts";
import { lenetSteps } from "./lenetStep.ts";
import { trainingSteps } from "./trainingStep.ts";
import { transformerSteps } from "./transformerStep.ts";
import type { Workload } from "./workload.ts";

export const workloads: readonly Workload[] = [...lenetSteps, ...frozenFeatures, ...trainingSteps, ...transformerSteps];
