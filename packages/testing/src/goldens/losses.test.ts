import { referenceDevice } from "@graftjs/tensor";
import { plannedDevice } from "../plannedDevice.ts";
import { describeGoldens } from "./files.ts";
import { lossSuite } from "./lossSuite.ts";

describeGoldens("losses against PyTorch, reference device", () => lossSuite(referenceDevice));
describeGoldens("losses against PyTorch, planned", () => lossSuite(plannedDevice));
