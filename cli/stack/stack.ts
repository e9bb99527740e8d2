/** A deployed stack as the command needs it, read from its outputs (`infra/outputs/outputs.ts`, `infra/targets/cloudrun/cloud-run-outputs.ts`). */
import { z } from 'zod';
import { UsageFailure } from '../failure';

/** Where everything is. */
export interface Stack {
  readonly student: string;
  readonly platform: 'openwhisk' | 'cloudrun';
  /** URL of v1 (POST) and v2 (PUT). */
  readonly convertUrl: string;
  /** URL of the page for people; Cloud Run has none. */
  readonly page: string | undefined;
  /** OpenWhisk's REST API; Cloud Run has none. */
  readonly openwhisk: OpenWhisk | undefined;
  /** PEM of the CA that signed the certificate of the API host; undefined for a public one. */
  readonly caCertificate: string | undefined;
  readonly inBucket: string;
  readonly outBucket: string;
  /** URL of a Cloud Storage emulator; undefined for the real one. */
  readonly storageEndpoint: string | undefined;
  /** What tells of new files; `none`: the trigger is fired by hand. */
  readonly events: 'local' | 'pubsub' | 'none';
  /** Where the events are that could not be delivered: a URL on this machine, a subscription on Google Cloud. */
  readonly deadLetters: string | undefined;
}

/** OpenWhisk's REST API. */
export interface OpenWhisk {
  /** URL, without a trailing slash. */
  readonly apihost: string;
  readonly namespace: string;
  readonly trigger: string;
  /** The key `UUID:KEY`. @throws Failure when it is nowhere to be found */
  readonly key: () => Promise<string>;
}

const REAL_STORAGE = 'https://storage.googleapis.com';

const web = z.url({ protocol: /^https?$/ });
const url = web.transform((text) => text.replace(/\/+$/, ''));
const bucket = z.string().min(1);
const outputs = z.object({
  student: z.string(),
  platform: z.literal('cloudrun').optional(),
  page: web.transform((text) => new URL(text).href).optional(),
  apihost: url.optional(),
  namespace: z.string().default('_'),
  trigger: z.string().default('new-file'),
  auth: z.string().optional(),
  caCertificate: z.string().optional(),
  endpoints: z.object({ v1: web }),
  buckets: z.object({ in: bucket, out: bucket }),
  storage: url,
  events: z.object({ source: z.enum(['local', 'pubsub', 'none']), deadLetters: z.string().optional() }),
});

/** The outputs of a stack, checked. `auth` is its key, if the stack made one and was asked for secrets. */
export type Outputs = z.infer<typeof outputs>;

/** @param from where they come from, for the error. @throws UsageFailure when these are not the outputs of this program */
export function readOutputs(raw: unknown, from: string): Outputs {
  const parsed = outputs.safeParse(raw);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map(({ path, message }) => [...path, message].join(': ')).join('; ');
  throw new UsageFailure(
    `${from} does not hold the outputs of a stack of PDFMagic (${problems}).`,
    'They are what `pulumi stack output --json` or `npm run --silent outputs -- --json` print after an `up` that succeeded.',
  );
}

/** @param key finds the key of the API host, when it is needed */
export function stackOf(found: Outputs, key: (apihost: string) => Promise<string>): Stack {
  let known: Promise<string> | undefined;
  const { apihost, namespace, trigger, storage } = found;
  const isCloudRun = found.platform === 'cloudrun';
  return {
    student: found.student,
    platform: isCloudRun ? 'cloudrun' : 'openwhisk',
    convertUrl: found.endpoints.v1,
    page: found.page,
    openwhisk:
      isCloudRun || apihost === undefined
        ? undefined
        : {
            ...{ apihost, namespace, trigger },
            key: () => {
              known ??= key(apihost);
              return known;
            },
          },
    caCertificate: found.caCertificate,
    inBucket: found.buckets.in,
    outBucket: found.buckets.out,
    storageEndpoint: storage === REAL_STORAGE ? undefined : storage,
    events: found.events.source,
    deadLetters: found.events.deadLetters,
  };
}
