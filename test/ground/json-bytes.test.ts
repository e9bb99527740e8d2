/** JSON as bytes: the same JSON as by its other writer, without making strings of what is bytes. */
import { afterEach, describe, expect, it, vi } from 'vitest';
import { parseJson, writeJson } from '../../ground/exact-json';
import { isObject, type Json } from '../../ground/json';
import { writeJsonBytes } from '../../ground/json-bytes';
import { Base64Text, WrittenJson } from '../../ground/json-parts';

const picture = Buffer.from([0, 255, 216, 254, 7]);

afterEach(() => vi.restoreAllMocks());

describe('JSON as bytes', () => {
  it.each<[string, Json]>([
    ['text of all kinds', { a: 'é€😀', b: 'a"b\\c\n', '"': '\ud800' }],
    ['exact numbers', parseJson('{"a":9007199254740993,"b":[1.0,-0.0,1e400]}')],
    ['base64, also twice and in a list', { a: new Base64Text(picture), b: [1, new Base64Text(picture), 'é'] }],
    ['an exact number beside base64', { n: parseJson('1.0'), a: new Base64Text(picture) }],
    ['base64 alone, of any length', [0, 1, 2, 3, 4].map((length) => new Base64Text(picture.subarray(0, length)))],
  ])('is the text of the other writer: %s', (_what, value) => {
    expect(writeJsonBytes(value, '\n').toString()).toBe(`${writeJson(value)}\n`);
  });

  it('has JSON that is there already as it is', () => {
    const value = { a: 'é', result: new WrittenJson(Buffer.from('{"x": [1.0, "ü"]}')), z: 1 };
    expect(writeJsonBytes(value).toString()).toBe('{"a":"é","result":{"x": [1.0, "ü"]},"z":1}');
  });

  it('has a text that looks like a place for bytes as any other', () => {
    const seen = writeJsonBytes({ a: new Base64Text(picture) });
    const value = { a: '"0123-45:"', b: new Base64Text(picture), c: seen.toString() };
    expect(JSON.parse(writeJsonBytes(value).toString())).toEqual(JSON.parse(JSON.stringify(value)));
  });

  it('hands no picture to the writer of strings', () => {
    const large = Buffer.alloc(100_000, 1);
    const stringify = vi.spyOn(JSON, 'stringify');
    const bytes = writeJsonBytes({ image: new Base64Text(large), result: new WrittenJson(Buffer.from('[1]')) });
    const written = stringify.mock.results.map(({ value }) => String(value).length);
    expect(Math.max(...written)).toBeLessThan(500);
    expect(bytes.length).toBeGreaterThan(133_000);
  });
});

describe('base64 of bytes', () => {
  it('is its text for every other reader', () => {
    const value = new Base64Text(picture);
    expect(String(value)).toBe('AP/Y/gc=');
    expect(writeJson([value])).toBe('["AP/Y/gc="]');
  });

  it('is no object, and an object that calls itself a number or bytes is one', () => {
    expect(isObject(new Base64Text(picture))).toBe(false);
    expect(isObject({ isExactNumber: true })).toBe(true);
  });
});
