import { referenceDevice } from "@graftjs/tensor";
import { plannedDevice } from "../plannedDevice.ts";
import { describeGoldens } from "./files.ts";
import { optimizerSuite } from "./optimizerSuite.ts";
import { scheduleSuite } from "./scheduleSuite.ts";

describeGoldens("optimisers against PyTorch, reference device", () => optimizerSuite(referenceDevice));
describeGoldens("optimisers against PyTorch, planned", () => optimizerSuite(plannedDevice));
describeGoldens("schedules against PyTorch", scheduleSuite);
