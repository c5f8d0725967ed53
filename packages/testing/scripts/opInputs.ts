// Writes the inputs of the op goldens as JSON to standard output, for fixtures/ops/make.py.
import { opCases } from "../src/opGoldenInputs.ts";

process.stdout.write(JSON.stringify(opCases()));
