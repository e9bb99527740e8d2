/** Parts of a JSON value that are held as bytes, and how they pass through `JSON`: as marked strings, like `exact-number.ts`. */
import { randomUUID } from 'node:crypto';

/** Stands in the text where bytes go; nobody can guess it. */
export const PLACE = `${randomUUID()}:`;

const QUOTE = 0x22;

/** What goes into JSON as bytes. */
export interface Part {
  /** Bytes of its JSON. */
  readonly size: number;
  /** Writes its JSON at `at`. */
  write(target: Buffer, at: number): void;
}

/** The parts of the text that is being written, in their order; undefined while that is not asked for. */
let found: Part[] | undefined;

/** The base64 of bytes, as a JSON string. Any writer takes it for one: its text is made when somebody asks for it. */
export class Base64Text implements Part {
  constructor(private readonly bytes: Buffer) {}

  get size(): number {
    return 4 * Math.ceil(this.bytes.length / 3) + 2;
  }

  write(target: Buffer, at: number): void {
    const from = target.writeUInt8(QUOTE, at);
    target.writeUInt8(QUOTE, from + target.write(this.toString(), from, 'latin1'));
  }

  toString(): string {
    return this.bytes.toString('base64');
  }

  toJSON(): string {
    if (found === undefined) return this.toString();
    found.push(this);
    return PLACE;
  }
}

/** A value whose JSON, in UTF-8, is known: for `writeJsonBytes`, and for no other writer. */
export class WrittenJson implements Part {
  constructor(private readonly json: Buffer) {}

  get size(): number {
    return this.json.length;
  }

  write(target: Buffer, at: number): void {
    this.json.copy(target, at);
  }

  toJSON(): string {
    found?.push(this);
    return PLACE;
  }
}

/** Runs a writer that gets parts as `PLACE`. @returns its text, and the parts in its order */
export function writeAround(write: () => string): { readonly text: string; readonly parts: readonly Part[] } {
  const parts: Part[] = [];
  found = parts;
  try {
    return { text: write(), parts };
  } finally {
    found = undefined;
  }
}
