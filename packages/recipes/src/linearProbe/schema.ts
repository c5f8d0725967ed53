import { z } from "zod";
import { commonOptions } from "../options.ts";

/** Options of the linear probe, with their defaults and ranges. */
export const linearProbeSchema: z.ZodObject<
  typeof commonOptions & { epochs: z.ZodDefault<z.ZodNumber>; learningRate: z.ZodDefault<z.ZodNumber> }
> = z.strictObject({
  epochs: z.number().int().min(1).max(100_000).default(60).describe("passes over the training set"),
  learningRate: z
    .number()
    .positive()
    .default(0.001)
    .describe("peak learning rate of the head (AdamW)")
    .meta({ flag: "lr" }),
  ...commonOptions,
});
