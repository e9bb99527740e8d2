/** `npm run compare`: OpenWhisk beside Cloud Run, measured on one platform of this machine; printed and written as JSON. */
import { readFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { z } from 'zod';
import { CONTAINER_CONCURRENCY, CONVERSION_TIMEOUT } from '../../contract/limits';
import { CONVERT_PATH, REAL_STORAGE } from '../../contract/names';
import { assembleCloudRun } from '../../infra/image/cloudrun-context';
import { computeTag } from '../../infra/image/content-tag';
import { CLOUDRUN_BASE_IMAGE } from '../../infra/image/recipe';
import { findRunning } from '../../platform/composition/running';
import * as runner from '../../runner';
import { BUCKET, measurePlatforms, type Subjects } from '../bench/platforms';
import { jsonOf } from '../client/http';
import { openService } from '../client/service';
import type { Terminal } from '../terminal';
import { deployedStack } from './deployed-stack';
import { confirmMove, type MoveOptions } from './platform-change';
import { detail } from './progress';
import { stackOf } from './stack-of';
import { formatTable } from './table';
import { writeFigures } from './write-figures';

export interface CompareOptions extends MoveOptions {
  readonly photo: string;
  readonly json: string;
}

/** Beside whatever the stack deploys. */
const SERVICE = 'compare';

/** The stack goes to OpenWhisk; the service is put beside it, with the same out bucket. @throws Error without a platform */
export async function compare(options: CompareOptions, terminal: Terminal): Promise<void> {
  const platform = await findRunning(options.data);
  if (platform === undefined) {
    throw new Error(
      'no local platform is running. Start one in another terminal with `npm run platform`, so that it has a process of its own.',
    );
  }
  const onOpenWhisk = { ...options, platform: 'openwhisk' } as const;
  await confirmMove(onOpenWhisk);
  const { outputs } = await runner.up(stackOf(onOpenWhisk));
  const stack = { ...deployedStack(outputs, options.data), inBucket: BUCKET };
  const { storageEndpoint = REAL_STORAGE } = stack;
  const openwhisk = openService(stack, false, true);
  const api = openwhisk.openwhisk;
  if (api === undefined) throw new Error('the stack is not on OpenWhisk');
  const url = `${platform.apihost}/cloudrun/services/${SERVICE}`;
  const answer = await api.send('PUT', url, {
    image: computeTag(await assembleCloudRun(), CLOUDRUN_BASE_IMAGE),
    env: { OUT_BUCKET: stack.outBucket, GCS_ENDPOINT: storageEndpoint },
    ...{ maxInstanceRequestConcurrency: CONTAINER_CONCURRENCY, maxInstanceCount: 2 },
    ...{ timeout: CONVERSION_TIMEOUT / 1000, idleTimeout: 3600 },
  });
  const deployed = z.object({ url: z.string() }).safeParse(jsonOf(answer));
  if (!deployed.success) throw new Error(`the service could not be deployed: ${answer.body}`);
  const convertUrl = `${deployed.data.url}${CONVERT_PATH}`;
  const cloudrun = openService({ ...stack, endpoints: { v1: convertUrl, v2: convertUrl } }, false, true);
  try {
    const subjects: Subjects = {
      ...{ openwhisk, cloudrun, api, instancesUrl: url, storageEndpoint },
      jpeg: readFileSync(options.photo),
    };
    const result = await measurePlatforms(subjects, detail);
    const written = { date: new Date().toISOString(), cores: cpus().length, file: options.photo, ...result };
    const ms = (value: number): string => `${value.toFixed(0)} ms`;
    const rows = Object.entries(result).map(([what, { openwhisk, cloudrun, ratio, runs }]) => [
      ...[what, ms(openwhisk), ms(cloudrun), `x ${ratio.toFixed(2)}`, `${runs} each`],
    ]);
    terminal.out(`\n${options.photo}, medians, on ${cpus().length} cores\n`);
    terminal.out(formatTable(['what', 'OpenWhisk', 'Cloud Run', 'Cloud Run / OpenWhisk', 'runs'], rows));
    writeFigures(options.json, written, terminal);
  } finally {
    await api.send('DELETE', url);
  }
}
