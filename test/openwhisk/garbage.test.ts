/**
 * What an invocation leaves in memory until V8 collects its whole heap. A literal that begins with a spread (`{ ...a, b }`) leaves a new
 * hidden class for each of its properties, every time, and takes up to 30 microseconds (Node.js 20): the memory of the platform
 * grew by half between 2,000 and 20,000 invocations. No clock: bytes are counted, of objects that are old from birth.
 */
import { getHeapSpaceStatistics, setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, test } from 'vitest';
import { writeRunRequest } from '../../platform/invoker/activation/environment';
import type { Invocation, Outcome } from '../../platform/invoker/contract';
import type { Container } from '../../platform/invoker/pool/container';
import { WarmContainers } from '../../platform/invoker/pool/warm';
import { viewRecord, viewSummary } from '../../platform/openwhisk/activation/record';
import { invocationOf, type Occasion, recordOf } from '../../platform/openwhisk/activation/single';
import type { InvocationTarget } from '../../platform/openwhisk/activation/target';
import type { Call } from '../../platform/openwhisk/api/call';
import { route } from '../../platform/openwhisk/api/routes';
import type { CodeStore } from '../../platform/openwhisk/store/code';
import { addHeaders } from '../../platform/openwhisk/web/answer';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

/** Times that something is done; so few that V8 does not collect old objects meanwhile. */
const TIMES = 3000;
/** A hidden class alone takes 80 bytes, and its list of properties 24 for each. */
const MOST_BYTES = 60;

function readOld(): number {
  return getHeapSpaceStatistics()
    .filter(({ space_name }) => ['old_space', 'map_space'].includes(space_name))
    .reduce((sum, { space_used_size }) => sum + space_used_size, 0);
}

/** Bytes of old objects that are left of doing something once. */
async function measure(work: () => unknown): Promise<number> {
  const repeat = async (): Promise<void> => {
    for (let time = 0; time < TIMES; time += 1) await work();
  };
  // It is compiled, and what it keeps for good is there.
  await repeat();
  collect();
  const before = readOld();
  await repeat();
  return (readOld() - before) / TIMES;
}

const target: InvocationTarget = {
  ...{ path: 'guest/a', name: 'a', version: '0.0.1', annotations: [], kind: 'nodejs:20', revision: '1' },
  parameters: [{ key: 'size', value: 3 }],
  limits: { timeout: 60_000, memory: 256, logs: 10, concurrency: 1 },
  exec: { kind: 'nodejs:20', binary: false, codeId: 'c' },
};
const occasion: Occasion = {
  ...{ activationId: 'f'.repeat(32), transactionId: 't', acceptedAt: 1 },
  identity: { namespace: 'guest', subject: 'guest', uuid: 'u', key: 'k' },
};
const outcome: Outcome = { statusCode: 0, result: { at: 1 }, logs: [], start: 1, end: 2, waitTime: 1, timedOut: false };
const code = { read: () => '' } as unknown as CodeStore;
const invocation: Invocation = invocationOf(target, {}, occasion, code);
const record = recordOf(target, occasion, outcome);
const pool = new WarmContainers(4, 60_000, 60_000, () => undefined);
const container = { usable: true, pause() {}, resume() {} } as unknown as Container;
const call = { method: 'GET', identity: occasion.identity } as unknown as Omit<Call, 'namespace'>;

const WORKS: Readonly<Record<string, () => unknown>> = {
  'finding the route of a request': () => route(call, ['namespaces', '_', 'limits']).catch(() => undefined),
  'the invocation of an action': () => invocationOf(target, { name: 'x' }, occasion, code),
  'what the interpreter is sent': () => writeRunRequest(invocation, 1),
  'a container that runs and rests again': () => {
    const warm = pool.take('k', 'a', '1') ?? { container, key: 'k', action: 'a', revision: '1', memory: 1 };
    pool.put(warm, 1);
  },
  'the record of an activation': () => recordOf(target, occasion, outcome),
  'the record as it is answered': () => viewRecord(record),
  'the record as lists show it': () => viewSummary(record),
  'further headers of an answer': () => addHeaders({ status: 200, headers: [] }, [['a', 'b']]),
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
