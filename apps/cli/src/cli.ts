import { isGraftError } from "@graftjs/tensor";
import { Command, CommanderError } from "commander";
import { evaluateCommand } from "./commands/evaluate.ts";
import { inspectCommand } from "./commands/inspect.ts";
import { predictCommand } from "./commands/predict.ts";
import { trainCommand } from "./commands/train.ts";
import { InterruptedError } from "./interrupt.ts";
import { version } from "./version.ts";

/** Runs the command line and returns the exit code: 0, 2 on bad input, 130 when interrupted, 1 on a defect of ours. */
export async function run(args: readonly string[]): Promise<number> {
  const program = new Command("graft")
    .description("Transfer learning for TypeScript: a pretrained ONNX model in, a fine-tuned ONNX model out.")
    .version(version())
    .configureHelp({ helpWidth: 100 });
  for (const command of [inspectCommand(), trainCommand(), evaluateCommand(), predictCommand()]) {
    program.addCommand(command);
    command.exitOverride();
  }
  program.exitOverride();
  try {
    await program.parseAsync([...args], { from: "user" });
    return 0;
  } catch (error) {
    return report(error);
  }
}

function report(error: unknown): number {
  // Commander has printed its message already; help and version are no failures.
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
  if (error instanceof InterruptedError) {
    process.stderr.write(`${error.message}\n`);
    return 130;
  }
  if (isGraftError(error)) {
    process.stderr.write(`error: ${error.message}\n`);
    return 2;
  }
  if (isFileError(error)) {
    process.stderr.write(`error: ${error.message.replace(/^[A-Z]+: /, "")}\n`);
    return 2;
  }
  process.stderr.write(`This is a defect of graft, please report it.\n${(error as Error)?.stack ?? String(error)}\n`);
  return 1;
}

/** What the file system refuses (missing, no permission, a folder where a file should be) is bad input too. */
function isFileError(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && "code" in error && "syscall" in error;
}
