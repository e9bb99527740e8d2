/** Records of large results: kept as the action wrote them, in one form, and the same for every reader. */
import { afterEach, expect, it, vi } from 'vitest';
import { parseJson } from '../../ground/exact-json';
import {
  type ActivationRecord,
  packRecord,
  unpackRecord,
  writeRecord,
} from '../../platform/openwhisk/activation/record';

afterEach(() => vi.restoreAllMocks());

const WRITTEN = `{"statusCode": 200, "body": "${'QUJD'.repeat(20_000)}", "n": [1.0, 9007199254740993]}`;

function makeRecord(written: string | undefined): ActivationRecord {
  return {
    ...{ activationId: 'f'.repeat(32), namespace: 'guest', name: 'a', subject: 'guest', version: '0.0.1', start: 1 },
    annotations: [{ key: 'path', value: 'guest/a' }],
    response: {
      statusCode: 0,
      result: parseJson(WRITTEN),
      size: WRITTEN.length,
      ...(written === undefined ? {} : { written: Buffer.from(written) }),
    },
    logs: ['é'],
  };
}

it('is read as the record that was written, whether the JSON of its result was known or not', () => {
  const records = [makeRecord(WRITTEN), packRecord(makeRecord(WRITTEN)), makeRecord(undefined)];
  const [known, packed, unknown] = records.map((record) => parseJson(writeRecord(record).toString()));
  expect(known).toEqual(unknown);
  expect(packed).toEqual(unknown);
});

it('holds a large result once while it waits, and has it again for whoever asks', () => {
  const packed = packRecord(makeRecord(WRITTEN));
  expect(packed.response).not.toHaveProperty('result');
  expect(unpackRecord(packed)).toEqual(makeRecord(undefined));
  expect(packRecord(makeRecord(undefined))).toEqual(makeRecord(undefined));
});

it('does not write a large result anew', () => {
  const record = makeRecord(WRITTEN);
  const stringify = vi.spyOn(JSON, 'stringify');
  writeRecord(record);
  expect(Math.max(...stringify.mock.results.map(({ value }) => String(value).length))).toBeLessThan(1_000);
});
