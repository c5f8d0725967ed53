import { formatInspection, inspect, pictureOf } from "@graftjs/onnx";
import { readModelFile } from "@graftjs/onnx/node";
import { Command } from "commander";
import { openDevice } from "../device.ts";
import { UsageError } from "../errors.ts";
import { estimate, formatEstimate } from "../estimate.ts";
import { printJson, writeText } from "../output.ts";

interface InspectFlags {
  readonly json?: boolean;
  readonly all?: boolean;
  readonly svg?: string;
  readonly batch?: string;
}

export function inspectCommand(): Command {
  return new Command("inspect")
    .description("Say what a model is: what can be trained, where a new head would go, what training takes.")
    .argument("<model>", "an ONNX file")
    .option("--json", "print one JSON object")
    .option("--all", "list every stored tensor: its role, what it is in its layer, what it is tied to")
    .option("--svg <file>", "draw the network's blocks")
    .option("--batch <n>", "samples a batch, for the estimate of memory (default: 32)")
    .action(async (path: string, { json, all, svg, batch }: InspectFlags) => {
      const inspection = inspect(await readModelFile(path), batch === undefined ? {} : { batch: batchOf(batch) });
      if (svg !== undefined) await writeText(svg, pictureOf(inspection));
      const { costs } = inspection;
      const timed = costs && (costs.probe ?? costs.fineTune) ? estimate(costs, await openDevice(undefined)) : null;
      if (json) printJson({ ...inspection, estimate: timed });
      else {
        process.stdout.write(`${formatInspection(inspection, { all: all === true })}\n`);
        if (timed) process.stdout.write(`${"time".padEnd(12)}${formatEstimate(timed)}\n`);
      }
    });
}

function batchOf(text: string): number {
  const batch = Number(text);
  if (Number.isInteger(batch) && batch >= 1) return batch;
  throw new UsageError(`--batch takes an integer from 1 on, got "${text}".`);
}
