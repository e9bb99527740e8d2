/** People and time servers set the clock, also back: no wait, age or duration goes by it. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';

const ROOT = path.resolve(__dirname, '../..');

/** Who may ask for the time of day, and what for; all else asks `performance.now()`. */
const TIME_OF_DAY: Readonly<Record<string, string>> = {
  'cli/bench/client.ts': 'when a file was sent, beside the time that the storage says',
  'cli/bench/measurements/trigger.ts': 'when a trigger was fired, beside the time that the action says',
  'cli/bench/platforms.ts': 'a name that no run before had',
  'cli/bench/seed-activations.ts': 'start of an activation',
  'cli/client/failed-attempt.ts': 'since when objects are asked for',
  'cli/logs/show-logs.ts': 'since when activations are asked for',
  'cli/status/show-status.ts': 'how long ago a file came, by the storage',
  'infra/emulated/src/bucket/bucket-provider.ts': 'whether a bucket is younger than this run, by the storage',
  'infra/openwhisk/src/file-digest.ts': 'how long ago a file was changed, by its file system',
  'platform/cloudrun/deliveries.ts': 'the time of an event',
  'platform/invoker/code/store.ts': 'when a folder was last used, which outlives the process',
  'platform/invoker/docker/memory.ts': 'since when the engine is asked',
  'platform/invoker/docker/run.ts': 'since when the engine is asked',
  'platform/invoker/pool/activation.ts': 'start and deadline of an activation',
  'platform/invoker/pool/pool.ts': 'start of an activation',
  'platform/openwhisk/activation/assembly.ts': 'start of an activation',
  'platform/openwhisk/activation/fire.ts': 'start of an activation',
  'platform/openwhisk/activation/runner.ts': 'when an invocation was accepted',
  'platform/openwhisk/activation/service.ts': 'when an invocation was accepted',
  'platform/openwhisk/activation/writer.ts': 'the age of records, which outlives the process',
  'platform/openwhisk/store/entities.ts': 'when an entity was changed',
  'platform/storage/objects.ts': 'a generation, never smaller than one before',
  'platform/storage/sessions.ts': 'the age of an upload, which outlives the process',
  'platform/storage/token-endpoint.ts': 'until when a token is valid',
  'platform/storage/web-pages.ts': 'until when a signature is valid',
};

test('only what names a point in time asks for the time of day', () => {
  const folders = ['cli', 'feed', 'ground', 'infra', 'platform', 'runner', 'sandbox'].flatMap((folder) => [
    `${folder}/**/*.ts`,
    `${folder}/**/*.mjs`,
  ]);
  const files = execFileSync('git', ['ls-files', ...folders], { cwd: ROOT, encoding: 'utf8' })
    .trim()
    .split('\n');
  const asking = files.filter((file) => readFileSync(path.join(ROOT, file), 'utf8').includes('Date.now()'));
  expect(asking.filter((file) => TIME_OF_DAY[file] === undefined)).toEqual([]);
});
