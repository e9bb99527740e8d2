/** The account of a stack: what became of each file that arrived, by the marks that v2 leaves (actions/README.md). */

import { pdfName, recordName } from '../../contract/names';
import type { Stored } from '../client/buckets';

/** An event that could not be delivered. */
export interface DeadLetter {
  readonly name: string;
  readonly generation: bigint;
  readonly reason: string | undefined;
}

/** A file by what became of its newest generation. */
export type Fate =
  | { readonly name: string; readonly fate: 'converted'; readonly pdf: string }
  | { readonly name: string; readonly fate: 'refused'; readonly record: string }
  | { readonly name: string; readonly fate: 'dead-letter'; readonly reason: string | undefined }
  /** Neither yet; `since` in milliseconds since the epoch. */
  | { readonly name: string; readonly fate: 'waiting'; readonly since: number };

/**
 * Files that are deleted from the in bucket by now count by what they have left.
 * @param inBucket name of the bucket that `arrived` are in
 */
export function accountFor(
  inBucket: string,
  arrived: readonly Stored[],
  outputs: readonly Stored[],
  deadLetters: readonly DeadLetter[],
): Fate[] {
  const made = new Map(outputs.map((output) => [output.name, output]));
  const dead = new Map(deadLetters.map((letter) => [letter.name, letter]));
  const fateOf = (name: string, generation: bigint): Fate | undefined => {
    const isMade = (output: string): boolean => {
      const source = made.get(output)?.source;
      return source?.bucket === inBucket && source.name === name && source.generation >= generation;
    };
    const [pdf, record] = [pdfName(name), recordName(name)];
    if (isMade(pdf)) return { name, fate: 'converted', pdf };
    if (isMade(record)) return { name, fate: 'refused', record };
    const letter = dead.get(name);
    if (letter && letter.generation >= generation) return { name, fate: 'dead-letter', reason: letter.reason };
    return undefined;
  };
  // Those of an album make no PDF of their own.
  const here = arrived
    .filter(({ isPart }) => !isPart)
    .map(({ name, generation, updated }): Fate => {
      return fateOf(name, generation) ?? { name, fate: 'waiting', since: updated };
    });
  const present = new Set(arrived.map(({ name }) => name));
  const traces = [...outputs.flatMap(({ source }) => (source?.bucket === inBucket ? [source] : [])), ...deadLetters];
  const gone = new Set(traces.map(({ name }) => name).filter((name) => !present.has(name)));
  return [...here, ...[...gone].flatMap((name) => fateOf(name, 0n) ?? [])];
}
