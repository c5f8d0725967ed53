/** Addresses stand for operands that have no place yet lie apart from each other, and from all memory. */
const OUTSIDE = 2 ** 32;
const UNIT = 64;

/** An input or output of a program: the words of its commands that depend on where it lies. */
export class Operand {
  readonly #commands: Uint32Array;
  /** Places of the words, each followed by what the word has beyond the operand's address. */
  readonly #words: readonly number[];
  /** Where it lies. */
  address = -1;

  constructor(commands: Uint32Array, words: readonly number[]) {
    this.#commands = commands;
    this.#words = words;
  }

  /** Makes the commands find the operand at `address`. */
  place(address: number): void {
    if (address === this.address) return;
    const words = this.#words;
    for (let i = 0; i < words.length; i += 2) {
      this.#commands[words[i] as number] = address + (words[i + 1] as number);
    }
    this.address = address;
  }
}

/**
 * Finds the words that depend on the places of operands, by encoding the same commands for two sets of places: a word
 * that moved as operand k did is an address in k.
 * @param bytes size of each operand.
 * @param encode words of the commands for operands at these addresses.
 * @param store puts the words of the first set into memory.
 */
export function findOperands(
  bytes: readonly number[],
  encode: (addresses: readonly number[]) => readonly number[],
  store: (words: readonly number[]) => Uint32Array,
): Operand[] {
  const room = UNIT * (bytes.length + 2);
  let end = OUTSIDE;
  const places = bytes.map((size) => {
    const address = end;
    end += Math.ceil(size / UNIT) * UNIT + room;
    return address;
  });
  const words = encode(places);
  const moved = bytes.length > 0 ? encode(places.map((address, k) => address + UNIT * (k + 1))) : words;
  const found = bytes.map((): number[] => []);
  words.forEach((word, i) => {
    const distance = ((moved[i] as number) - word) >>> 0;
    if (distance === 0) return;
    const k = distance / UNIT - 1;
    const operand = found[k];
    if (!operand) throw new Error(`A command has a word that is no address, but depends on one: ${word}.`);
    operand.push(i, word - (places[k] as number));
  });
  const commands = store(words);
  return found.map((operand) => new Operand(commands, operand));
}
