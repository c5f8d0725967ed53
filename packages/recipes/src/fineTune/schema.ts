import { z } from "zod";
import { commonOptions } from "../options.ts";

/** Options of fine-tuning, with their defaults and ranges. */
export const fineTuneSchema: z.ZodObject<
  typeof commonOptions & {
    epochs: z.ZodDefault<z.ZodNumber>;
    learningRate: z.ZodDefault<z.ZodNumber>;
    backboneLearningRate: z.ZodOptional<z.ZodNumber>;
    probeEpochs: z.ZodDefault<z.ZodNumber>;
    augment: z.ZodDefault<z.ZodEnum<{ none: "none"; flip: "flip"; standard: "standard" }>>;
    checkpointing: z.ZodDefault<z.ZodBoolean>;
  }
> = z.strictObject({
  epochs: z.number().int().min(1).max(10_000).default(5).describe("passes over the training set"),
  learningRate: z
    .number()
    .positive()
    .default(0.001)
    .describe("peak learning rate of the head (AdamW)")
    .meta({ flag: "lr" }),
  backboneLearningRate: z
    .number()
    .min(0)
    .optional()
    .describe("peak learning rate of the backbone; a thirtieth of the head's by default")
    .meta({ flag: "backbone-lr" }),
  probeEpochs: z.number().int().min(1).max(100_000).default(60).describe("epochs of the linear probe that comes first"),
  augment: z
    .enum(["none", "flip", "standard"])
    .default("flip")
    .describe("flip: mirror at random; standard: also crop at random"),
  checkpointing: z
    .boolean()
    .default(false)
    .describe(
      "keep only what goes from block to block, and compute the rest again for the gradient: less memory, slower",
    ),
  ...commonOptions,
});
