import { useDevice } from "@graftjs/tensor";
import { wasm } from "@graftjs/wasm";
import type { Case } from "./outcome.ts";
import { runCase } from "./runCase.ts";
import { answer } from "./watched.ts";

// The process in which main.ts runs cases, on the device that the first argument names.
if (process.argv[2] === "wasm") useDevice(await wasm({ threads: 1 }));
answer((test: Case) => runCase(test));
