import { formatInspection, inspect } from "@graftjs/onnx";
import { readModelFile } from "@graftjs/onnx/node";
import { Command } from "commander";
import { printJson } from "../output.ts";

export function inspectCommand(): Command {
  return new Command("inspect")
    .description("Say what a model is: inputs, outputs, parameters, where a new head would go, what is unsupported.")
    .argument("<model>", "an ONNX file")
    .option("--json", "print one JSON object")
    .action(async (path: string, options: { json?: boolean }) => {
      const inspection = inspect(await readModelFile(path));
      if (options.json) printJson(inspection);
      else process.stdout.write(`${formatInspection(inspection)}\n`);
    });
}
