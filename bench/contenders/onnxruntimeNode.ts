import * as ort from "onnxruntime-node";
import type { Contender } from "../protocol.ts";
import { version } from "../version.ts";
import { prepareSession } from "./onnxruntime.ts";

/** https://onnxruntime.ai: native code, CPU provider. */
export const contender: Contender = {
  versions: { "onnxruntime-node": version("onnxruntime-node") },
  prepare: (workload, { threads = 2 }) =>
    prepareSession(ort, workload, { executionProviders: ["cpu"], intraOpNumThreads: threads, interOpNumThreads: 1 }),
};
