import { referenceDevice } from "@graftjs/tensor";
import { wasm } from "@graftjs/wasm";
import { callGoldens } from "./callGoldens.ts";

const file = new URL("../../../fixtures/ops/algebra.json", import.meta.url);

callGoldens(file, { reference: referenceDevice, wasm: await wasm({ threads: 1 }) });
