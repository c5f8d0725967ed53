import * as ort from "onnxruntime-web";
import type { Contender } from "../protocol.ts";
import { version } from "../version.ts";
import { prepareSession } from "./onnxruntime.ts";

/** https://onnxruntime.ai: the build for browsers, WASM provider. */
export const contender: Contender = {
  versions: { "onnxruntime-web": version("onnxruntime-web") },
  prepare: (workload, { threads = 2 }) => {
    ort.env.wasm.numThreads = threads;
    return prepareSession(ort, workload, { executionProviders: ["wasm"] });
  },
};
