import { attention } from "./attention.ts";
import { batchNorm } from "./batchNorm.ts";
import { conv } from "./conv.ts";
import { depthwise } from "./depthwise.ts";
import { elementwise } from "./elementwise.ts";
import { gemm } from "./gemm.ts";
import type { Kernel } from "./kernel.ts";
import { layerNorm } from "./layerNorm.ts";
import { pool } from "./pool.ts";
import { softmaxes } from "./softmax.ts";

/** By family, in the order in which they are measured. */
export const families: Readonly<Record<string, readonly Kernel[]>> = {
  gemm,
  conv,
  depthwise,
  elementwise,
  pool,
  batchNorm,
  layerNorm,
  softmax: softmaxes,
  attention,
};
