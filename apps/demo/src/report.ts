import type { RecipeEvent } from "@graftjs/recipes";

/** Dark ink on light paper as text, `columns` wide and half as many lines, since characters are twice as high as wide. */
export function asText(image: Uint8Array, size: number, columns: number): string[] {
  const shades = " ░▒▓█";
  const cell = size / columns;
  const middle = (Math.min(...image) + Math.max(...image)) / 2;
  const ink = new Float64Array((columns * columns) / 2);
  image.forEach((value, i) => {
    const [row, column] = [Math.floor(i / size / cell / 2), Math.floor((i % size) / cell)];
    if (value < middle) ink[row * columns + column]! += 1 / (2 * cell * cell);
  });
  const text = Array.from(ink, (share) => shades[Math.round(share * (shades.length - 1))]).join("");
  return text.match(new RegExp(`.{${columns}}`, "gu")) ?? [];
}

export function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}

/** Progress that replaces itself on a terminal, and stays away elsewhere; lines that remain, everywhere. */
export class Reporter {
  readonly #terminal: boolean = process.stdout.isTTY === true;

  line(text = ""): void {
    if (this.#terminal) process.stdout.write("\r\x1b[K");
    console.log(text);
  }

  progress(text: string): void {
    if (this.#terminal) process.stdout.write(`\r\x1b[K${text}`);
  }

  /** Shows a recipe's events; of many epochs, some. */
  event(event: RecipeEvent): void {
    if (event.type === "start") {
      const count = (n: number) => n.toLocaleString("en");
      this.line(`  ${event.phase}: ${count(event.trainable)} parameters trained, ${count(event.frozen)} frozen`);
    } else if (event.type === "progress") {
      const { phase, epoch, epochs, step, steps, imagesPerSecond } = event;
      this.progress(`  ${phase} ${epoch}/${epochs}  batch ${step}/${steps}  ${Math.round(imagesPerSecond)} images/s`);
    } else {
      this.epoch(event.epoch, event.epochs, event.train.loss, `validation accuracy ${percent(event.val.accuracy)}`);
    }
  }

  epoch(epoch: number, epochs: number, loss: number, note: string): void {
    const text = `    epoch ${String(epoch).padStart(2)}/${epochs}  loss ${loss.toFixed(3)}  ${note}`;
    if (epoch === epochs || epoch % Math.ceil(epochs / 5) === 0) this.line(text);
    else this.progress(text);
  }
}
