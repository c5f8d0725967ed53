import { referenceDevice } from "@graftjs/tensor";
import { wasm } from "@graftjs/wasm";
import { callGoldens } from "./callGoldens.ts";

const file = new URL("../../../fixtures/ops/found.json", import.meta.url);

// Shapes that depend on values are for eager calls alone.
callGoldens(file, { reference: referenceDevice, wasm: await wasm({ threads: 1 }) }, ["eager"]);
