/** The stack's outputs as the commands here need them, checked when read: they may come from an older run. */
import { z } from 'zod';
import type { Json } from '../../ground/json';

const curl = z.object({ curl: z.string() });
const commands = curl.extend({ wsk: z.string() });

/** Of every stack. */
const places = z.object({
  endpoints: z.object({ v1: z.string() }),
  buckets: z.object({ in: z.string(), out: z.string() }),
  storage: z.string(),
});

const onOpenWhisk = places.extend({
  page: z.string(),
  apihost: z.string(),
  trigger: z.string(),
  commands: z.object({ setup: z.string(), v0: commands, v1: commands, v2: commands, v3: commands }),
});

const onCloudRun = places.extend({
  platform: z.literal('cloudrun'),
  url: z.string(),
  commands: z.object({ v1: curl, v2: curl, v3: curl }),
});

/** Where a deployed stack converts. */
interface Places {
  readonly convertUrl: string;
  readonly inBucket: string;
  readonly outBucket: string;
  readonly storageEndpoint: string;
}

/** What a stack on OpenWhisk says of itself. */
export interface OpenWhiskStack extends Places {
  readonly platform: 'openwhisk';
  /** URL of the page for people. */
  readonly page: string;
  readonly apihost: string;
  readonly trigger: string;
  readonly commands: z.infer<typeof onOpenWhisk>['commands'];
}

/** What a stack on Cloud Run says of itself. */
export interface CloudRunStack extends Places {
  readonly platform: 'cloudrun';
  /** URL of the service. */
  readonly url: string;
  readonly commands: z.infer<typeof onCloudRun>['commands'];
}

/** A deployed stack. */
export type DeployedStack = OpenWhiskStack | CloudRunStack;

/** @throws Error when the outputs are not those of this program */
export function deployedStack(raw: Readonly<Record<string, Json>>): DeployedStack {
  if (raw.platform === 'cloudrun') {
    const outputs = onCloudRun.parse(raw);
    const { url, commands } = outputs;
    return { platform: 'cloudrun', ...placesOf(outputs), url, commands };
  }
  const outputs = onOpenWhisk.parse(raw);
  const { page, apihost, trigger, commands } = outputs;
  return { platform: 'openwhisk', ...placesOf(outputs), page, apihost, trigger, commands };
}

function placesOf({ endpoints, buckets, storage }: z.infer<typeof places>): Places {
  return { convertUrl: endpoints.v1, inBucket: buckets.in, outBucket: buckets.out, storageEndpoint: storage };
}
