import type { RecipeEvent } from "@graftjs/recipes";
import cliProgress from "cli-progress";
import { percent, say } from "./output.ts";

const format = "{title} [{bar}] {step}/{steps}  {speed} images/s  {note}";

/** Shows the events of a run: a bar on a terminal, and a line an epoch (at most a few a second) everywhere. */
export class ProgressView {
  readonly #bar = new cliProgress.SingleBar({
    format,
    barsize: 24,
    hideCursor: true,
    stream: process.stderr,
    clearOnComplete: true,
  });
  readonly #terminal: boolean = process.stderr.isTTY === true;
  #active = false;
  #lastLine = 0;

  show(event: RecipeEvent): void {
    if (event.type === "start") {
      const { phase, epochs, trainable, frozen } = event;
      this.#line(
        `${phase}: ${epochs} epochs, ${trainable.toLocaleString("en")} parameters trained, ${frozen.toLocaleString("en")} frozen`,
      );
    } else if (event.type === "progress") {
      this.#progress(event);
    } else if (event.best || event.epoch === event.epochs || Date.now() - this.#lastLine > 2000) {
      const { epoch, epochs, train, val, best } = event;
      this.#line(
        `epoch ${epoch}/${epochs}  train loss ${train.loss.toFixed(4)}, accuracy ${percent(train.accuracy)}  ` +
          `val loss ${val.loss.toFixed(4)}, accuracy ${percent(val.accuracy)}${best ? "  best" : ""}`,
      );
    }
  }

  /** Takes the bar away. */
  close(): void {
    if (this.#active) this.#bar.stop();
    this.#active = false;
  }

  #progress(event: Extract<RecipeEvent, { type: "progress" }>): void {
    const title = event.epochs > 1 ? `${event.phase} ${event.epoch}/${event.epochs}` : event.phase;
    if (this.#terminal) {
      const payload = {
        title,
        step: event.step,
        steps: event.steps,
        speed: event.imagesPerSecond.toFixed(0),
        note: event.loss === undefined ? "" : `loss ${event.loss.toFixed(4)}`,
      };
      if (!this.#active) this.#bar.start(event.steps, 0, payload);
      this.#active = true;
      this.#bar.setTotal(event.steps);
      this.#bar.update(event.step, payload);
    } else if (event.loss === undefined && event.step === event.steps) {
      this.#line(`${title}: ${event.steps} batches, ${event.imagesPerSecond.toFixed(1)} images/s`);
    } else if (Date.now() - this.#lastLine > 10_000) {
      this.#line(`${title}: batch ${event.step}/${event.steps}, ${event.imagesPerSecond.toFixed(1)} images/s`);
    }
  }

  #line(text: string): void {
    this.close();
    this.#lastLine = Date.now();
    say(text);
  }
}
