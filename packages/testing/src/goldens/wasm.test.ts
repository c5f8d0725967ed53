import { wasm } from "@graftjs/wasm";
import { describeGoldens } from "./files.ts";
import { lossSuite } from "./lossSuite.ts";
import { networkIds, networkSuite } from "./networkSuite.ts";
import { optimizerSuite } from "./optimizerSuite.ts";

const device = await wasm();

describeGoldens("networks against PyTorch, WASM device", () => {
  for (const id of networkIds) networkSuite(id, device);
});
describeGoldens("optimisers against PyTorch, WASM device", () => optimizerSuite(device));
describeGoldens("losses against PyTorch, WASM device", () => lossSuite(device));
