import { wasm } from "@graftjs/wasm";
import { families } from "./kernels/index.ts";
import { measure } from "./kernels/measure.ts";
import { table } from "./report.ts";

/** Prints the throughput of the WASM device's kernels, with one thread and with two. */
export async function kernels(names: readonly string[] = Object.keys(families), quick = false): Promise<void> {
  const [one, two] = [await wasm({ threads: 1 }), await wasm({ threads: 2 })];
  console.log(`${one.name}; ${two.name}`);
  const seconds = quick ? 0.05 : 0.5;
  for (const name of names) {
    const family = families[name];
    if (!family) throw new Error(`--only: there is no family ${name}; there are ${Object.keys(families).join(", ")}.`);
    const rows = family.map((kernel) => {
      const [alone, both] = [measure(kernel, one, seconds), measure(kernel, two, seconds)];
      const numbers = [alone.microseconds, both.microseconds, alone.rate, both.rate];
      return [kernel.name, ...numbers.map((value) => value.toFixed(1)), alone.unit];
    });
    console.log(`\n${table([[name, "µs, 1 thread", "2 threads", "rate, 1 thread", "2 threads", "unit"], ...rows])}`);
  }
  one.close();
  two.close();
}
