import { referenceDevice } from "@graftjs/tensor";
import { describe } from "vitest";
import { goldens, missing } from "./files.ts";
import { networkIds, networkSuite } from "./networkSuite.ts";

describe.skipIf(!goldens)(`networks against PyTorch, reference device${missing}`, () => {
  for (const id of networkIds) networkSuite(id, referenceDevice);
});
