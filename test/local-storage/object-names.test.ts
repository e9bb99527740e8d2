import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeName, decodePrefix, encodeName, encodePrefix, requireBucket } from '../../local/storage/object-names';

const part = fc.oneof(
  fc.constantFrom('', '.', '..', '~', '^', 'a', 'a~', 'a^', '-', ' '),
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

  it('begin alike when names begin alike', () => {
    fc.assert(
      fc.property(name, fc.nat(), (text, at) => {
        const prefix = text.slice(0, at % (text.length + 1));
        expect(encodeName(text).startsWith(encodePrefix(prefix))).toBe(true);
        if (prefix.endsWith('/')) expect(decodePrefix(encodePrefix(prefix))).toBe(prefix);
      }),
    );
  });
});

describe('names that cannot be', () => {
  it.each(['', '.', '..', 'a\nb', 'a\rb', 'a\0b', 'x'.repeat(1025), `a/${'x'.repeat(221)}`])('refuses %j', (text) => {
    expect(() => encodeName(text)).toThrow();
  });

  it.each(['', '..', 'A', 'a', 'a..b', '-ab', 'ab-', 'a/b', '../x', 'a b'])('refuses the bucket %j', (text) => {
    expect(() => requireBucket(text)).toThrow(/bucket/);
  });
});
