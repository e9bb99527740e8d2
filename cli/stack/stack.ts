/** A deployed stack as its callers need it, read from its outputs (`contract/outputs.ts`). */
import { REAL_STORAGE } from '../../contract/names';
import { type Outputs, outputs } from '../../contract/outputs';
import type { PlatformName } from '../../contract/ways';
import { UsageFailure } from '../failure';

/** Where everything is. */
export interface Stack {
  readonly student: string;
  readonly platform: PlatformName;
  /** URL of each way, as far as the stack names it. */
  readonly endpoints: Outputs['endpoints'];
  /** URL of the page for people; undefined where browsers may not call the service. */
  readonly page: string | undefined;
  /** URL of the service on Cloud Run; OpenWhisk has an API host. */
  readonly url: string | undefined;
  /** OpenWhisk's REST API; Cloud Run has none. */
  readonly openwhisk: OpenWhisk | undefined;
  /** PEM of the CA that signed the certificate of the API host; undefined for a public one. */
  readonly caCertificate: string | undefined;
  readonly inBucket: string;
  readonly outBucket: string;
  /** URL of a Cloud Storage emulator; undefined for the real one. */
  readonly storageEndpoint: string | undefined;
  /** What tells of new files; `none`: the trigger is fired by hand. */
  readonly events: Outputs['events']['source'];
  /** Where the events are that could not be delivered: a URL on this machine, a subscription on Google Cloud. */
  readonly deadLetters: string | undefined;
  /** To paste into a shell; those of ways that the stack does not have are missing. */
  readonly commands: Outputs['commands'];
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

/** @param from where they come from, for the error. @throws UsageFailure when these are not the outputs of this program */
export function readOutputs(raw: unknown, from: string): Outputs {
  const parsed = outputs.safeParse(raw);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map(({ path, message }) => [...path, message].join(': ')).join('; ');
  throw new UsageFailure(
    `${from} does not hold the outputs of a PDFMagic stack (${problems}).`,
    'After a successful `up`, `pulumi stack output --json` or `npm run --silent outputs -- --json` prints them.',
  );
}

/** @param key finds the key of the API host, when it is needed */
export function stackOf(found: Outputs, key: (apihost: string) => Promise<string>): Stack {
  let sought: Promise<string> | undefined;
  const { apihost, namespace, trigger, storage } = found;
  const isCloudRun = found.platform === 'cloudrun';
  return {
    student: found.student,
    platform: isCloudRun ? 'cloudrun' : 'openwhisk',
    endpoints: found.endpoints,
    page: found.page,
    url: found.url,
    openwhisk:
      isCloudRun || apihost === undefined
        ? undefined
        : {
            ...{ apihost, namespace, trigger },
            key: () => {
              sought ??= key(apihost);
              return sought;
            },
          },
    caCertificate: found.caCertificate,
    inBucket: found.buckets.in,
    outBucket: found.buckets.out,
    storageEndpoint: storage === REAL_STORAGE ? undefined : storage,
    events: found.events.source,
    deadLetters: found.events.deadLetters,
    commands: found.commands,
  };
}
