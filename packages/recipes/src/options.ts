import { z } from "zod";

/** Options that every recipe has; descriptions become the command line's help. */
export const commonOptions: {
  batchSize: z.ZodDefault<z.ZodNumber>;
  weightDecay: z.ZodDefault<z.ZodNumber>;
  labelSmoothing: z.ZodDefault<z.ZodNumber>;
  seed: z.ZodDefault<z.ZodNumber>;
} = {
  batchSize: z.number().int().min(1).max(4096).default(32).describe("images in one update"),
  weightDecay: z.number().min(0).default(0.01).describe("decoupled weight decay (AdamW); biases are left out"),
  labelSmoothing: z.number().min(0).max(0.5).default(0).describe("share of the target spread over all classes"),
  seed: z.number().int().min(0).default(0).describe("seed of everything random"),
};
