import { wasm } from "@graftjs/wasm";
import { bitwise } from "./conformance/bitwise.ts";
import { opConformance } from "./conformance/opConformance.ts";

opConformance("wasm", () => wasm({ threads: 1 }));
// Every kernel that can be split over threads is, however small.
opConformance("wasm with 2 threads", () => wasm({ threads: 2, parallelFrom: 0 }));

bitwise(
  "wasm with 1 and 2 threads",
  () => wasm({ threads: 1 }),
  () => wasm({ threads: 2, parallelFrom: 0 }),
);
