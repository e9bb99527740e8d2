import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeName, encodeName, requireBucket } from '../../platform/storage/object-names';

const part = fc.oneof(
  fc.constantFrom('', '.', '..', '~', '^', '^+', 'a', 'a~', 'a^', 'a^+', '-', ' '),
  fc.string({ unit: 'grapheme', maxLength: 8 }),
);
const name = fc
  .array(part, { minLength: 1, maxLength: 5 })
  .map((parts) => parts.join('/'))
  .filter((text) => text !== '' && text !== '.' && text !== '..' && !/[\0\r\n]/.test(text));

describe('paths of object names', () => {
  it('give the name back', () => {
    fc.assert(
      fc.property(name, (text) => {
        expect(decodeName(encodeName(text))).toBe(text);
      }),
    );
  });

  it('never leave their folder, nor have parts that a file system would drop', () => {
    fc.assert(
      fc.property(name, (text) => {
        for (const piece of encodeName(text).split('/')) expect(['', '.', '..']).not.toContain(piece);
      }),
    );
  });

  it('let a name be the folder of another', () => {
    fc.assert(
      fc.property(name, name, (a, b) => {
        const [first, second] = [encodeName(a), encodeName(b)];
        expect(second.startsWith(`${first}/`)).toBe(false);
        if (a !== b) expect(first).not.toBe(second);
      }),
    );
  });

  it('have no part that a file system would not take, nor more than it takes in all', () => {
    const long = fc.oneof(
      fc.string({ unit: 'grapheme', minLength: 200, maxLength: 300 }),
      fc.constantFrom('x'.repeat(1024), '/'.repeat(1024), 'ä'.repeat(512), '<'.repeat(600), `${'~'.repeat(199)}^+/a`),
    );
    const fits = (text: string) => Buffer.byteLength(text) <= 1024 && !/[\0\r\n]/.test(text);
    fc.assert(
      fc.property(long.filter(fits), (text) => {
        const encoded = encodeName(text);
        for (const piece of encoded.split('/')) expect(Buffer.byteLength(piece)).toBeLessThanOrEqual(255);
        expect(Buffer.byteLength(encoded)).toBeLessThan(2200);
        expect(decodeName(encoded)).toBe(text);
      }),
    );
  });
});

describe('names that cannot be', () => {
  it.each(['', '.', '..', 'a\nb', 'a\rb', 'a\0b', 'x'.repeat(1025), '\ud800', '.well-known/acme-challenge/a'])(
    'refuses %j',
    (text) => {
      expect(() => encodeName(text)).toThrow();
    },
  );

  it.each(['', '..', 'A', 'a', 'a..b', '-ab', 'ab-', 'a/b', '../x', 'a b'])('refuses the bucket %j', (text) => {
    expect(() => requireBucket(text)).toThrow(/bucket/);
  });
});
