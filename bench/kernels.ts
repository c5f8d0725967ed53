import { wasm } from "@graftjs/wasm";
import { families } from "./kernels/index.ts";
import { measure } from "./kernels/measure.ts";
import { peak } from "./kernels/peak.ts";
import { table } from "./report.ts";

/**
 * Prints the throughput of the WASM device's kernels, with one thread and with two, and what share of a core's peak one
 * thread reaches. Convolutions count the multiplications of their definition, of which Winograd's need fewer; memory
 * counts what is read and written once, which caches may hold.
 */
export async function kernels(names: readonly string[] = Object.keys(families), quick = false): Promise<void> {
  const [one, two] = [await wasm({ threads: 1 }), await wasm({ threads: 2 })];
  console.log(`${one.name}; ${two.name}`);
  const { gflops, gigabytes } = peak();
  console.log(
    `Peak of a core: ${gflops.toFixed(1)} GFLOP/s in registers, ${gigabytes.toFixed(1)} GB/s of memory copied`,
  );
  const seconds = quick ? 0.05 : 0.5;
  for (const name of names) {
    const family = families[name];
    if (!family) throw new Error(`--only: there is no family ${name}; there are ${Object.keys(families).join(", ")}.`);
    const rows = family.map((kernel) => {
      const [alone, both] = [measure(kernel, one, seconds), measure(kernel, two, seconds)];
      const numbers = [alone.microseconds, both.microseconds, alone.rate, both.rate];
      const share = alone.rate / (alone.unit === "GFLOP/s" ? gflops : gigabytes);
      return [kernel.name, ...numbers.map((value) => value.toFixed(1)), alone.unit, `${(100 * share).toFixed(0)}%`];
    });
    console.log(
      `\n${table([[name, "µs, 1 thread", "2 threads", "rate, 1 thread", "2 threads", "unit", "of peak"], ...rows])}`,
    );
  }
  one.close();
  two.close();
}
