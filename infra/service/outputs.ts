/** The stack's outputs: where everything is, and commands to paste into a shell for each way. */
import * as pulumi from '@pulumi/pulumi';
import { commandsFor } from '../../contract/commands';
import { REAL_STORAGE } from '../../contract/names';
import type { OpenWhiskOutputs } from '../../contract/outputs';
import { isRequestWay, mapWays, WAYS, waysOn } from '../../contract/ways';
import type { StackConfig } from '../config';
import type { Pending, Platform } from '../platform';
import type { PdfMagic } from './pdfmagic';

/** Describes the deployed stack. */
export function describeOpenWhisk(
  { student }: StackConfig,
  platform: Platform,
  pdfmagic: Pick<PdfMagic, 'urls' | 'page' | 'trigger'>,
): Pending<OpenWhiskOutputs> {
  const rest = pulumi.interpolate`${platform.apihost}/api/v1/namespaces/${platform.namespace}`;
  const { urls, page, trigger } = pdfmagic;
  const endpoints = mapWays(waysOn('openwhisk'), (way) =>
    isRequestWay(way) ? urls[way] : pulumi.interpolate`${rest}/${WAYS[way].rest}`,
  );
  const { storage } = platform;
  const events = platform.feed !== undefined;
  return {
    student,
    page,
    apihost: platform.apihost,
    namespace: platform.namespace,
    ...(platform.ownsKey ? { auth: pulumi.secret(platform.auth) } : {}),
    ...(platform.address === undefined ? {} : { address: platform.address }),
    ...(platform.caCertificate === undefined ? {} : { caCertificate: platform.caCertificate }),
    endpoints,
    buckets: { in: storage.inBucket, out: storage.outBucket },
    storage: storage.endpoint ?? REAL_STORAGE,
    trigger,
    events:
      platform.feed === undefined
        ? { source: 'none' }
        : { source: platform.feed.source, deadLetters: platform.feed.deadLetters },
    commands: pulumi
      .all([platform.shellSetup(urls.v1), endpoints, storage.inBucket, storage.outBucket])
      .apply(([setup, at, inBucket, outBucket]) => ({
        setup,
        ...commandsFor(at, { inBucket, outBucket, storage: storage.endpoint, events }),
      })),
  };
}
