import { type Emitter, nth, sizeOf } from "./emitter.ts";

/** Counter-based random numbers: the values, then the next state (assembly/random.ts). */
export const randomUniform: Emitter<"randomUniform"> = {
  emit: ({ outputs }, at, commands) => {
    const [state, values, next] = [nth(at.inputs, 0), nth(at.outputs, 0), nth(at.outputs, 1)];
    const count = sizeOf(outputs, 0);
    commands.add("randomUniform", 4 * count, [state, values, count]);
    commands.add("randomAdvance", 0, [state, next]);
  },
};
