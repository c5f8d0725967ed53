import type { Call } from "@graftjs/tensor";
import { callBytes, describe, describeShapes, executedOperations, operations } from "./describe.ts";

/** One kernel call of one run of a program, as it was measured. */
export interface ProfiledCall {
  /** The kernel with what is fused into it. */
  readonly kernel: string;
  readonly shapes: string;
  /** Bytes that it reads and writes, and floating-point operations, as `explain` tells them. */
  readonly bytes: number;
  readonly operations: number;
  /** Those that it executes: fewer where Winograd's algorithm is used. */
  readonly executed: number;
  /** When it began, in milliseconds since the profile did, and how long it took. */
  readonly start: number;
  readonly duration: number;
}

/** The calls of one kernel on operands of one shape, added up. */
export interface ProfileRow {
  readonly kernel: string;
  readonly shapes: string;
  readonly calls: number;
  /** Milliseconds of all these calls. */
  readonly total: number;
  readonly bytes: number;
  readonly operations: number;
}

/** How many single calls a profile keeps; sums go on after that. */
const MAX_CALLS = 100_000;

/**
 * Where the time of a device goes: how long each kernel call took. While it is recorded, calls are issued one by one, so
 * that small ones take some microseconds longer than in a program that runs as a whole.
 *
 * @example
 * ```ts
 * import { compile, matmul, ones, softmax, type Tensor } from "@graftjs/tensor";
 * import { wasm } from "@graftjs/wasm";
 *
 * const device = await wasm({ threads: 1 });
 * const attend = compile((x: Tensor) => softmax(matmul(x, x)), { device });
 * device.startProfile();
 * attend(ones([4, 4]));
 * const profile = device.stopProfile();
 * console.log(profile.rows.every(({ calls, total }) => calls === 1 && total >= 0)); // true
 * console.log(profile.calls.map(({ kernel }) => kernel)); // ["matmul", "softmax"]
 * ```
 */
export class Profile {
  readonly #began: number = performance.now();
  readonly #calls: ProfiledCall[] = [];
  readonly #rows = new Map<string, { -readonly [K in keyof ProfileRow]: ProfileRow[K] }>();

  /** The single calls in their order, the first 100,000. */
  get calls(): readonly ProfiledCall[] {
    return this.#calls;
  }

  /** Sums over calls of one kernel and shape, the longest first. */
  get rows(): readonly ProfileRow[] {
    return [...this.#rows.values()].sort((a, b) => b.total - a.total);
  }

  /** Runs `work`, and adds it as a call, or as what is prepared for one. */
  measure({ kind, call }: { readonly kind: "call" | "prepare"; readonly call: Call }, work: () => void): void {
    const start = performance.now();
    work();
    const duration = performance.now() - start;
    const measured = {
      ...{
        kernel: kind === "call" ? describe(call) : `prepare for ${call.kernel}`,
        shapes: describeShapes(call),
        start: start - this.#began,
        duration,
      },
      ...{ bytes: callBytes(call), operations: operations(call), executed: executedOperations(call) },
    };
    if (this.#calls.length < MAX_CALLS) this.#calls.push(measured);
    const key = `${measured.kernel} ${measured.shapes}`;
    const row = this.#rows.get(key);
    if (row) {
      row.calls++;
      row.total += duration;
    } else {
      const { start: _, duration: total, executed: __, ...rest } = measured;
      this.#rows.set(key, { ...rest, calls: 1, total });
    }
  }

  /** A table of the rows: share of the time, calls, mean duration, GFLOP/s and GB/s. @param limit how many rows. */
  table(limit = 40): string {
    const rows = this.rows;
    const total = rows.reduce((sum, r) => sum + r.total, 0);
    const share = (ms: number): string => `${((100 * ms) / (total || 1)).toFixed(1)}%`;
    const totals = new Map<string, number>();
    for (const row of rows) {
      const kernel = row.kernel.split("(")[0] as string;
      totals.set(kernel, (totals.get(kernel) ?? 0) + row.total);
    }
    const kernels = [...totals].sort(([, a], [, b]) => b - a).map(([kernel, ms]) => `${kernel} ${share(ms)}`);
    const lines = rows
      .slice(0, limit)
      .map(({ kernel, shapes, calls, total, bytes, operations }) => [
        ...[share(total), String(calls), (total / calls).toFixed(3)],
        ...[((operations * calls) / total / 1e6).toFixed(1), ((bytes * calls) / total / 1e6).toFixed(1)],
        ...[kernel, shapes],
      ]);
    const header = ["time", "calls", "ms each", "GFLOP/s", "GB/s", "kernel", "shapes"];
    const widths = header.map((title, i) => Math.max(title.length, ...lines.map((l) => (l[i] as string).length)));
    const format = (cells: readonly string[]): string =>
      cells
        .map((c, i) => (i < 5 ? c.padStart(widths[i] as number) : c.padEnd(widths[i] as number)))
        .join("  ")
        .trimEnd();
    const rest = rows.length - lines.length;
    return [
      ...[format(header), ...lines.map(format)],
      ...(rest > 0 ? [`and ${rest} more rows, ${share(rows.slice(limit).reduce((sum, r) => sum + r.total, 0))}`] : []),
      ...["", `${total.toFixed(1)} ms in kernels: ${kernels.join(", ")}`],
    ].join("\n");
  }

  /**
   * The single calls as a Chrome trace, for `chrome://tracing` or https://ui.perfetto.dev: JSON in the Trace Event Format,
   * https://docs.google.com/document/d/1CvAClvFfyA5R-PhYUmn5OOQtYMH4h6I0nSsKchNAySU
   */
  chromeTrace(): string {
    const traceEvents = this.#calls.map(({ kernel, shapes, start, duration, bytes, operations }) => ({
      ...{ name: kernel, cat: "kernel", ph: "X", pid: 1, tid: 1, ts: 1000 * start, dur: 1000 * duration },
      args: { shapes, bytes, operations },
    }));
    return JSON.stringify({ displayTimeUnit: "ms", traceEvents });
  }
}
