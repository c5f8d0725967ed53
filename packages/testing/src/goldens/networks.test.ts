import { referenceDevice } from "@graftjs/tensor";
import { plannedDevice } from "../plannedDevice.ts";
import { describeGoldens } from "./files.ts";
import { networkIds, networkSuite } from "./networkSuite.ts";

describeGoldens("networks against PyTorch, reference device", () => {
  for (const id of networkIds) networkSuite(id, referenceDevice);
});

describeGoldens("networks against PyTorch, planned", () => {
  for (const id of networkIds) networkSuite(id, plannedDevice, { eager: false });
});
