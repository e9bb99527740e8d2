/** `npm run compare`: OpenWhisk beside Cloud Run, measured on one platform of this machine; printed and written as JSON. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import path from 'node:path';
import { basicAuthorization } from '../../ground/basic-auth';
import { CLOUDRUN_BASE_IMAGE, CLOUDRUN_IMAGE, tagOf } from '../../infra/image';
import { readWskprops } from '../../infra/targets/local/platform-file';
import { findRunning } from '../../platform/composition/running';
import * as runner from '../../runner';
import { measurePlatforms, type Subjects } from '../bench/platforms';
import { deployedStack } from './deployed-stack';
import type { StackOptions } from './options';
import { detail } from './progress';
import { stackOf } from './stack-of';
import { table } from './table';

export interface CompareOptions extends StackOptions {
  readonly photo: string;
  readonly json: string;
}

/** Beside whatever the stack deploys. */
const SERVICE = 'compare';

/** The stack goes to OpenWhisk; the service is put beside it, with the same out bucket. @throws Error without a platform */
export async function compare(options: CompareOptions): Promise<void> {
  const platform = await findRunning(options.data);
  const auth = readWskprops(options.data)?.get('AUTH');
  if (platform === undefined || auth === undefined) {
    throw new Error(
      'no platform is running; start one in another terminal by `npm run platform`, so that it has a process of its own.',
    );
  }
  const { outputs } = await runner.up(stackOf({ ...options, platform: 'openwhisk' }));
  const stack = deployedStack(outputs);
  const headers = {
    authorization: basicAuthorization(auth),
    'content-type': 'application/json',
  };
  const url = `${platform.apihost}/cloudrun/services/${SERVICE}`;
  const service = {
    image: tagOf(CLOUDRUN_IMAGE, CLOUDRUN_BASE_IMAGE),
    env: { OUT_BUCKET: stack.outBucket, GCS_ENDPOINT: stack.storageEndpoint },
    ...{ maxInstanceRequestConcurrency: 2, maxInstanceCount: 2, timeout: 60, idleTimeout: 3600 },
  };
  const answer = await fetch(url, { method: 'PUT', headers, body: JSON.stringify(service) });
  if (!answer.ok) throw new Error(`the service could not be deployed: ${await answer.text()}`);
  const { url: serviceUrl } = (await answer.json()) as { url: string };
  try {
    const subjects: Subjects = {
      ...{ apihost: platform.apihost, auth, service: SERVICE, storageEndpoint: stack.storageEndpoint },
      openwhisk: stack.convertUrl,
      cloudrun: `${serviceUrl}/convert/pdf`,
      jpeg: readFileSync(options.photo),
    };
    const result = await measurePlatforms(subjects, detail);
    mkdirSync(path.dirname(path.resolve(options.json)), { recursive: true });
    const written = { date: new Date().toISOString(), cores: cpus().length, file: options.photo, ...result };
    writeFileSync(options.json, `${JSON.stringify(written, null, 2)}\n`);
    const ms = (value: number): string => `${value.toFixed(0)} ms`;
    const rows = Object.entries(result).map(([what, { openwhisk, cloudrun, ratio, runs }]) => [
      ...[what, ms(openwhisk), ms(cloudrun), `x ${ratio.toFixed(2)}`, `${runs} each`],
    ]);
    console.log(`\n${options.photo}, medians, on ${cpus().length} cores\n`);
    console.log(table(['what', 'OpenWhisk', 'Cloud Run', 'Cloud Run by OpenWhisk', 'runs'], rows));
    console.log(`\nwritten to ${options.json}`);
  } finally {
    await fetch(url, { method: 'DELETE', headers });
  }
}
