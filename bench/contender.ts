// node contender.ts NAME: serves one contender. Requests come as lines of JSON, replies go as lines of JSON.
import { resourceUsage, stdin, stdout } from "node:process";
import { createInterface } from "node:readline";
import { type Contender, RESULT_RUN, type Reply, type Request, type Run } from "./protocol.ts";

const contenders: Readonly<Record<string, () => Promise<{ contender: Contender }>>> = {
  graft: () => import("./contenders/graft.ts"),
  jax: () => import("./contenders/jax.ts"),
  onnxruntimeNode: () => import("./contenders/onnxruntimeNode.ts"),
  onnxruntimeWeb: () => import("./contenders/onnxruntimeWeb.ts"),
  tensorflow: () => import("./contenders/tensorflow.ts"),
};

let run: Run | undefined;
let result = Number.NaN;

async function measure(contender: Contender, request: Request): Promise<Reply> {
  if (!run) {
    run = await contender.prepare(request.workload, request.settings);
    for (let i = 0; i < RESULT_RUN; i++) result = await run();
  }
  await timesOf(run, request.warmupSeconds);
  const times = await timesOf(run, request.seconds);
  return { times, result, peakBytes: resourceUsage().maxRSS * 1024, versions: contender.versions };
}

async function timesOf(once: Run, seconds: number): Promise<number[]> {
  const times: number[] = [];
  const end = performance.now() + seconds * 1000;
  let start = performance.now();
  do {
    const value = once();
    if (value instanceof Promise) await value;
    const now = performance.now();
    times.push(now - start);
    start = now;
  } while (start < end);
  return times;
}

// Standard output belongs to the replies.
console.log = console.error;
const load = contenders[process.argv[2] ?? ""];
if (!load) throw new Error(`node contender.ts NAME: NAME is one of ${Object.keys(contenders).join(", ")}.`);
const { contender } = await load();
for await (const line of createInterface({ input: stdin })) {
  const reply: Reply = await measure(contender, JSON.parse(line)).catch((error: Error) => ({ cannot: error.message }));
  stdout.write(`${JSON.stringify(reply)}\n`);
}
process.exit();
