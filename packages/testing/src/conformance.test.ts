import { referenceDevice } from "@graftjs/tensor";
import { opConformance } from "./conformance/opConformance.ts";
import { plannedDevice } from "./plannedDevice.ts";

// Compiled and eager, the oracle agrees with itself.
opConformance("the reference device", () => referenceDevice);
// Fusion and the planned arena change nothing.
opConformance("planned programs", () => plannedDevice);
