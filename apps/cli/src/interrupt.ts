/** Ctrl-C: exit code 130. */
export class InterruptedError extends Error {}

/** A terminal's Ctrl-C reaches a program that npm started twice, at once; only a later one means "now". */
const SAME_PRESS = 1000;

/**
 * A signal that the first Ctrl-C aborts, so that the work can end in an orderly way; a second press ends the process.
 * `release` gives Ctrl-C back its usual meaning after work that was not interrupted.
 */
export function interruptible(): { signal: AbortSignal; release: () => void } {
  const controller = new AbortController();
  let first = 0;
  const onInterrupt = (): void => {
    if (first === 0) {
      first = Date.now();
      process.stderr.write("\nStopping after this step (Ctrl-C again to stop at once) ...\n");
      controller.abort();
    } else if (Date.now() - first > SAME_PRESS) {
      process.exit(130);
    }
  };
  process.on("SIGINT", onInterrupt);
  const release = (): void => {
    // Once interrupted, the process is ending; the rest of the same press must not kill it meanwhile.
    if (first === 0) process.off("SIGINT", onInterrupt);
  };
  return { signal: controller.signal, release };
}
