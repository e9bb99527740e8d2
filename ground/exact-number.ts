/** A number that a double would change, and how it passes through `JSON`. */
import { randomUUID } from 'node:crypto';

/** Stands before the text of an exact number while `JSON` takes it for a string; nobody can guess it. */
export const MARK = `${randomUUID()}:`;

let writing = false;
let wrote = false;

/** A number that a double would change. */
export class ExactNumber {
  readonly isExactNumber = true;

  /** `text`: as `BigDecimal.toString` writes it. */
  constructor(readonly text: string) {}

  /** The double next to it. */
  valueOf(): number {
    return Number(this.text);
  }

  toString(): string {
    return this.text;
  }

  /** For `writeMarked`; any other writer gets the double. */
  toJSON(): number | string {
    if (!writing) return Number(this.text);
    wrote = true;
    return MARK + this.text;
  }
}

/** Runs a writer that gets exact numbers as marked strings. @returns its text, and whether there is a mark in it */
export function writeMarked(write: () => string): { readonly text: string; readonly hasMarks: boolean } {
  writing = true;
  wrote = false;
  try {
    return { text: write(), hasMarks: wrote };
  } finally {
    writing = false;
  }
}
