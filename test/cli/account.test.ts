import { describe, expect, test } from 'vitest';
import type { Stored } from '../../cli/client/buckets';
import { accountFor, type DeadLetter } from '../../cli/status/account';

const arrived = (name: string, generation: bigint, updated = 7): Stored => ({
  ...{ name, generation, updated, size: 1 },
  source: undefined,
});
const made = (name: string, from: string, generation: bigint, bucket = 'in'): Stored => ({
  ...{ name, generation: 99n, updated: 8, size: 1 },
  source: { bucket, name: from, generation },
});
const letter = (name: string, generation: bigint): DeadLetter => ({
  name,
  generation,
  reason: 'OpenWhisk answered 413',
});

describe('the account of a file that arrived', () => {
  test('is converted when the PDF of its generation is there', () => {
    const fates = accountFor('in', [arrived('a.jpg', 1n)], [made('a.pdf', 'a.jpg', 1n)], []);
    expect(fates).toEqual([{ name: 'a.jpg', fate: 'converted', pdf: 'a.pdf' }]);
  });
  test('is none for a photograph of an album, which makes no PDF of its own', () => {
    expect(accountFor('in', [{ ...arrived('a.jpg', 1n), isPart: true }], [], [])).toEqual([]);
  });
  test('is waiting while there is the PDF of an older generation only, or that of another file', () => {
    const fates = accountFor(
      'in',
      [arrived('a.jpg', 2n), arrived('b.jpg', 1n), arrived('c.jpg', 1n)],
      [made('a.pdf', 'a.jpg', 1n), made('b.pdf', 'b.jpeg', 1n), made('c.pdf', 'c.jpg', 1n, 'other')],
      [],
    );
    expect(fates.slice(0, 3).map(({ fate }) => fate)).toEqual(['waiting', 'waiting', 'waiting']);
    expect(fates[0]).toEqual({ name: 'a.jpg', fate: 'waiting', since: 7 });
  });
  test('is refused when the record of its generation is there, but converted when a PDF is, too', () => {
    const outputs = [
      made('a.jpg.error.json', 'a.jpg', 1n),
      made('b.jpg.error.json', 'b.jpg', 1n),
      made('b.pdf', 'b.jpg', 1n),
    ];
    const fates = accountFor('in', [arrived('a.jpg', 1n), arrived('b.jpg', 1n)], outputs, []);
    expect(fates.map(({ fate }) => fate)).toEqual(['refused', 'converted']);
  });
  test('is a dead letter unless something came of it after all, or it was replaced', () => {
    const fates = accountFor(
      'in',
      [arrived('a.jpg', 1n), arrived('b.jpg', 1n), arrived('c.jpg', 2n)],
      [made('b.pdf', 'b.jpg', 1n)],
      [letter('a.jpg', 1n), letter('b.jpg', 1n), letter('c.jpg', 1n)],
    );
    expect(fates.map(({ fate }) => fate)).toEqual(['dead-letter', 'converted', 'waiting']);
  });
  test('goes by what it left when it is deleted by now', () => {
    const outputs = [
      made('a.pdf', 'a.jpg', 1n),
      made('b.jpg.error.json', 'b.jpg', 1n),
      made('x.pdf', 'x.jpg', 1n, 'other'),
    ];
    const fates = accountFor('in', [], outputs, [letter('c.jpg', 1n)]);
    expect(fates.map(({ name, fate }) => `${name} ${fate}`)).toEqual([
      'a.jpg converted',
      'b.jpg refused',
      'c.jpg dead-letter',
    ]);
  });
});
