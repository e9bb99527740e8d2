/**
 * What an invocation leaves in memory until V8 collects its whole heap. A literal that begins with a spread (`{ ...a, b }`) leaves a new
 * hidden class for each of its properties, every time, and takes up to 30 microseconds (Node.js 20): the memory of the platform
 * grew by half between 2,000 and 20,000 invocations. No clock: bytes are counted, of objects that are old from birth.
 */
import { getHeapSpaceStatistics, setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, test } from 'vitest';
import { type ActivationRecord, viewRecord, viewSummary } from '../../platform/openwhisk/activation/record';
import type { Call } from '../../platform/openwhisk/api/call';
import { route } from '../../platform/openwhisk/api/routes';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

/** Times that something is done; so few that V8 does not collect old objects meanwhile. */
const TIMES = 3000;
/** Times that it is looked at. */
const LOOKS = 5;
/** A hidden class alone takes 80 bytes, and its list of properties 24 for each. */
const MOST_BYTES = 90;

function readOld(): number {
  return getHeapSpaceStatistics()
    .filter(({ space_name }) => ['old_space', 'map_space'].includes(space_name))
    .reduce((sum, { space_used_size }) => sum + space_used_size, 0);
}

/** Bytes of old objects that are left of doing something once: the least of some looks, since V8 itself makes old objects, too. */
async function measure(work: () => unknown): Promise<number> {
  const repeat = async (): Promise<void> => {
    for (let time = 0; time < TIMES; time += 1) await work();
  };
  // It is compiled, and what it keeps for good is there.
  await repeat();
  const looks: number[] = [];
  while (looks.length < LOOKS) {
    collect();
    const before = readOld();
    await repeat();
    looks.push((readOld() - before) / TIMES);
  }
  return Math.min(...looks);
}

const record: ActivationRecord = {
  ...{
    activationId: 'f'.repeat(32),
    namespace: 'guest',
    name: 'a',
    subject: 'guest',
    version: '0.0.1',
    start: 1,
    end: 2,
  },
  annotations: [{ key: 'path', value: 'guest/a' }],
  response: { statusCode: 0, result: { at: 1 } },
  logs: [],
};
const identity = { namespace: 'guest', subject: 'guest', uuid: 'u', key: 'k' };
const call = { method: 'GET', identity } as unknown as Omit<Call, 'namespace'>;

const WORKS: Readonly<Record<string, () => unknown>> = {
  'finding the route of a request': () => route(call, ['namespaces', '_', 'limits']).catch(() => undefined),
  'the record as it is answered': () => viewRecord(record),
  'the record as lists show it': () => viewSummary(record),
};

describe('nothing old is left of', () => {
  test.each(Object.entries(WORKS))('%s', async (_, work) => {
    expect(await measure(work)).toBeLessThan(MOST_BYTES);
  });

  test('a measurement that would see a literal which begins with a spread', async () => {
    const made: unknown[] = [];
    const rest = { a: 1, b: 2 };
    const bytes = await measure(() => {
      made[0] = { ...rest, c: 3, d: 4, e: 5 };
    });
    // Newer versions of Node.js have mended it.
    if (process.version.startsWith('v20.')) expect(bytes).toBeGreaterThan(MOST_BYTES);
  });
});
