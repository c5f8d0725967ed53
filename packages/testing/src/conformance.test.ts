import { referenceDevice } from "@graftjs/tensor";
import { wasm } from "@graftjs/wasm";
import { bitwise } from "./conformance/bitwise.ts";
import { opConformance } from "./conformance/opConformance.ts";
import { plannedDevice } from "./plannedDevice.ts";

// Compiled and eager, the oracle agrees with itself.
opConformance("the reference device", () => referenceDevice);
// Fusion and the planned arena change nothing.
opConformance("planned programs", () => plannedDevice);
opConformance("wasm", () => wasm({ threads: 1 }));
// Every kernel that can be split over threads is, however small.
opConformance("wasm with 2 threads", () => wasm({ threads: 2, parallelFrom: 0 }));
opConformance("wasm without relaxed SIMD", () => wasm({ threads: 1, simd: "simd" }));

bitwise(
  "wasm with 1 and 2 threads",
  () => wasm({ threads: 1 }),
  () => wasm({ threads: 2, parallelFrom: 0 }),
);
