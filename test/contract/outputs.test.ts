import * as pulumi from '@pulumi/pulumi';
import { describe, expect, test } from 'vitest';
import { REAL_STORAGE } from '../../contract/names';
import { outputs, WRITTEN } from '../../contract/outputs';
import { isRequestWay, mapWays, waysOn } from '../../contract/ways';
import { parseConfig } from '../../infra/config';
import { describeOpenWhisk } from '../../infra/service/outputs';
import { describeCloudRun } from '../../infra/targets/cloudrun/cloud-run-outputs';
import type { CloudRunConfig } from '../../infra/targets/cloudrun/cloud-run-service';
import { openPlatform } from '../../infra/targets/targets';

const REQUESTS = waysOn('openwhisk').filter(isRequestWay);

const OPENWHISK = {
  student: 'ada',
  target: 'existing',
  apihost: 'https://ow.example.org',
  auth: '23bc46b1-71f6-4ed5-8c54-816aa4f8c502:s3cret-of-a-key',
  image: 'example/action-python-v3.11:imagemagick-pdf',
  python: 'python3',
  inBucket: 'ada-in',
  outBucket: 'ada-out',
  serviceAccountKey: JSON.stringify({ type: 'service_account', client_email: 'a@b', private_key: 'PEM' }),
};

const CLOUD_RUN = { student: 'ada', target: 'gke', platform: 'cloudrun', project: 'ada-lab-123456' };

function configOf(values: Record<string, string>) {
  const keys = Object.entries(values).map(([key, value]) => [`pdfmagic:${key}`, value]);
  return parseConfig(Object.fromEntries(keys), 'pdfmagic', 'dev');
}

/** As `pulumi stack output --json` prints them. */
function shown(described: object): Promise<unknown> {
  return new Promise((resolve) =>
    pulumi.output(described).apply((value) => resolve(JSON.parse(JSON.stringify(value)))),
  );
}

async function onOpenWhisk(): Promise<unknown> {
  const config = configOf(OPENWHISK);
  const platform = await openPlatform(config);
  const service = {
    urls: mapWays(REQUESTS, () => pulumi.output('https://ow.example.org/api/u/convert/pdf')),
    page: pulumi.output('https://ow.example.org/api/u/convert/'),
    trigger: pulumi.output('new-file'),
  };
  return shown(describeOpenWhisk(config, platform, service));
}

async function onCloudRun(): Promise<unknown> {
  return shown(
    describeCloudRun(configOf(CLOUD_RUN) as CloudRunConfig, {
      url: pulumi.output('https://api.run.example'),
      pageUrl: pulumi.output('https://page.run.example'),
      eventsUrl: pulumi.output('https://events.run.example/events'),
      inBucket: 'ada-convert-in',
      outBucket: 'ada-convert-out',
      storageEndpoint: undefined,
      events: 'pubsub',
    }),
  );
}

describe('the outputs that the program writes', () => {
  test('are those of the contract, and nothing else', async () => {
    expect(WRITTEN.openwhisk.strict().safeParse(await onOpenWhisk()).error).toBeUndefined();
    expect(WRITTEN.cloudrun.strict().safeParse(await onCloudRun()).error).toBeUndefined();
  });

  test('name no page where browsers may not call the service', async () => {
    const { page: _, ...written } = (await onCloudRun()) as { page: string };
    expect(WRITTEN.cloudrun.strict().safeParse(written).error).toBeUndefined();
    expect(_).toBe('https://page.run.example/convert/');
    expect(outputs.parse(written).page).toBeUndefined();
  });

  test('are read as they were written', async () => {
    for (const written of [await onOpenWhisk(), await onCloudRun()]) {
      const read = outputs.parse(written);
      expect(read).toMatchObject(written as object);
      expect(read.storage).toBe(REAL_STORAGE);
    }
  });
});

describe('outputs of an older version', () => {
  const least = {
    student: 'ada',
    endpoints: { v1: 'https://ow.example.org/api/u/convert/pdf' },
    buckets: { in: 'ada-in', out: 'ada-out' },
    storage: `${REAL_STORAGE}/`,
    events: { source: 'none' },
  };

  test('are read when they have what no caller can do without', () => {
    const read = outputs.parse(least);
    expect(read).toMatchObject({ namespace: '_', trigger: 'new-file', commands: {}, storage: REAL_STORAGE });
  });

  test.each(Object.keys(least))('are refused without %s', (key) => {
    const { [key as keyof typeof least]: _, ...rest } = least;
    expect(outputs.safeParse(rest).error?.issues[0]?.path).toEqual([key]);
  });
});
