/** The stack's outputs: where everything is, and commands to paste into a shell for each of the four ways. */
import * as pulumi from '@pulumi/pulumi';
import { type Commands, commandsFor } from '../../contract/commands';
import type { StackConfig } from '../config';
import type { Platform, PlatformFeed } from '../platform';
import { REAL_STORAGE, type Storage } from '../targets/storage';
import type { PdfMagic } from './pdfmagic';

/** What `pulumi stack output` shows; its one secret is marked as such. */
export interface Outputs {
  readonly student: string;
  /** URL of the page for people. */
  readonly page: pulumi.Input<string>;
  readonly apihost: pulumi.Input<string>;
  /** PEM of the CA that signed the API host's certificate, when it is not a public one. */
  readonly caCertificate?: pulumi.Input<string>;
  /** The key of an OpenWhisk that the stack itself has made: a secret. For any other, whoever runs it has it. */
  readonly auth?: pulumi.Output<string>;
  /** The reserved address of the API host, for the A record of its DNS name. */
  readonly address?: pulumi.Input<string>;
  readonly namespace: string;
  /** URL of each endpoint: v0 and the trigger want the key, v1 and v2 are public. */
  readonly endpoints: Readonly<Record<'v0' | 'v1' | 'v2' | 'v3', pulumi.Input<string>>>;
  readonly buckets: { readonly in: pulumi.Input<string>; readonly out: pulumi.Input<string> };
  /** URL of the Cloud Storage that holds the buckets. */
  readonly storage: string;
  readonly trigger: pulumi.Input<string>;
  /** What fires the trigger when a file arrives, and where the events are that it would not take. */
  readonly events: {
    readonly source: PlatformFeed['source'] | 'none';
    readonly deadLetters?: pulumi.Input<string>;
  };
  readonly commands: pulumi.Input<Readonly<Record<'setup', string> & Record<'v0' | 'v1' | 'v2' | 'v3', Commands>>>;
}

/** Describes the deployed stack. */
export function describe(
  config: StackConfig,
  platform: Platform,
  storage: Storage,
  pdfmagic: Pick<PdfMagic, 'convertUrl' | 'page' | 'trigger'>,
): Outputs {
  const rest = pulumi.interpolate`${platform.apihost}/api/v1/namespaces/${platform.namespace}`;
  const { convertUrl, trigger } = pdfmagic;
  const events = platform.feed !== undefined;
  return {
    student: config.student,
    page: pdfmagic.page,
    apihost: platform.apihost,
    namespace: platform.namespace,
    ...(config.target === 'gke' || config.target === 'kubernetes' ? { auth: pulumi.secret(platform.auth) } : {}),
    ...(platform.address === undefined ? {} : { address: platform.address }),
    ...(platform.caCertificate === undefined ? {} : { caCertificate: platform.caCertificate }),
    endpoints: {
      v0: pulumi.interpolate`${rest}/actions/pdfmagic/v0?blocking=true&result=true`,
      v1: convertUrl,
      v2: convertUrl,
      v3: pulumi.interpolate`${rest}/triggers/${trigger}`,
    },
    buckets: { in: storage.inBucket, out: storage.outBucket },
    storage: storage.endpoint ?? REAL_STORAGE,
    trigger,
    events:
      platform.feed === undefined
        ? { source: 'none' }
        : { source: platform.feed.source, deadLetters: platform.feed.deadLetters },
    commands: pulumi
      .all([platform.shellSetup, rest, convertUrl, storage.inBucket, storage.outBucket, trigger])
      .apply(([setup, rest, url, inBucket, outBucket, name]) => ({
        setup,
        ...commandsFor({ rest, url, inBucket, outBucket, trigger: name, storage: storage.endpoint, events }),
      })),
  };
}
