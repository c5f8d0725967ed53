import { useDevice } from "@graftjs/tensor";
import { wasm } from "@graftjs/wasm";
import { prepare } from "./contenders/graft.ts";
import { workloads } from "./workloads/index.ts";

/** Prints where the time of Graft goes in each of the workloads, by kernel. */
export async function profile(groups: readonly string[] | undefined, quick = false): Promise<void> {
  const device = await wasm({ threads: quick ? 1 : 2 });
  useDevice(device);
  for (const workload of workloads.filter(({ group }) => groups?.includes(group) ?? true)) {
    const run = prepare(workload, device, "compiled");
    const runs = workload.group === "W1" ? 500 : 5;
    for (let i = 0; i < runs / 5; i++) run();
    device.startProfile();
    for (let i = 0; i < runs; i++) run();
    console.log(
      `\n${workload.group}: ${workload.title}, ${runs} runs on ${device.name}\n\n${device.stopProfile().table()}`,
    );
  }
  device.close();
}
