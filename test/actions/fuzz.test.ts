import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { JsonObject } from '../../ground/json';
import { PHOTO, PythonAction } from './python-action';

let v1: PythonAction;
beforeAll(async () => {
  v1 = await PythonAction.start('v1');
});
afterAll(() => v1.stop());

/** Some bytes of the photograph overwritten, a stretch cut out, another put in. */
const damaged = fc
  .record({
    overwritten: fc.array(fc.record({ at: fc.nat(PHOTO.length - 1), byte: fc.nat(255) }), { maxLength: 8 }),
    cut: fc.record({ from: fc.nat(PHOTO.length), length: fc.nat(2000) }),
    inserted: fc.record({ at: fc.nat(PHOTO.length), bytes: fc.uint8Array({ maxLength: 50 }) }),
  })
  .map(({ overwritten, cut, inserted }) => {
    const jpeg = Buffer.from(PHOTO);
    for (const { at, byte } of overwritten) jpeg[at] = byte;
    const less = Buffer.concat([jpeg.subarray(0, cut.from), jpeg.subarray(cut.from + cut.length)]);
    return Buffer.concat([less.subarray(0, inserted.at), inserted.bytes, less.subarray(inserted.at)]);
  });

/** Headers are where the structure is: damage to the first bytes alone. */
const damagedHeader = fc
  .array(fc.record({ at: fc.integer({ min: 3, max: 700 }), byte: fc.nat(255) }), { minLength: 1, maxLength: 6 })
  .map((bytes) => {
    const jpeg = Buffer.from(PHOTO);
    for (const { at, byte } of bytes) jpeg[at] = byte;
    return jpeg;
  });

const answered = async (parameters: JsonObject) => {
  const { statusCode } = await v1.run({ __ow_method: 'post', ...parameters });
  expect([200, 400, 413, 422]).toContain(statusCode);
  expect(v1.leftovers()).toEqual([]);
};

describe('v1 answers 200, 400, 413 or 422 and leaves nothing behind', () => {
  const asBody = (jpeg: Buffer) => answered({ __ow_body: jpeg.toString('base64') });
  it('whatever happened to a JPEG', () => fc.assert(fc.asyncProperty(damaged, asBody), { numRuns: 60 }));
  it('whatever happened to its header', () => fc.assert(fc.asyncProperty(damagedHeader, asBody), { numRuns: 60 }));
  it('whatever the body is', () => {
    const anything = fc.dictionary(fc.constantFrom('__ow_body', '__ow_headers', 'image'), fc.jsonValue());
    return fc.assert(
      fc.asyncProperty(anything, (args) => answered(args as JsonObject)),
      { numRuns: 300 },
    );
  });
});
