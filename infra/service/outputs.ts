/** The stack's outputs: where everything is, and commands to paste into a shell for each of the four ways. */
import * as pulumi from '@pulumi/pulumi';
import { commandsFor } from '../../contract/commands';
import { REAL_STORAGE } from '../../contract/names';
import type { OpenWhiskOutputs } from '../../contract/outputs';
import { WAYS } from '../../contract/ways';
import type { StackConfig } from '../config';
import type { Pending, Platform } from '../platform';
import type { PdfMagic } from './pdfmagic';

/** Describes the deployed stack. */
export function describeOpenWhisk(
  { student }: StackConfig,
  platform: Platform,
  pdfmagic: Pick<PdfMagic, 'convertUrl' | 'page' | 'trigger'>,
): Pending<OpenWhiskOutputs> {
  const rest = pulumi.interpolate`${platform.apihost}/api/v1/namespaces/${platform.namespace}`;
  const { convertUrl, trigger } = pdfmagic;
  const { storage } = platform;
  const events = platform.feed !== undefined;
  return {
    student,
    page: pdfmagic.page,
    apihost: platform.apihost,
    namespace: platform.namespace,
    ...(platform.ownsKey ? { auth: pulumi.secret(platform.auth) } : {}),
    ...(platform.address === undefined ? {} : { address: platform.address }),
    ...(platform.caCertificate === undefined ? {} : { caCertificate: platform.caCertificate }),
    endpoints: {
      v0: pulumi.interpolate`${rest}/actions/${WAYS.v0.action}?blocking=true&result=true`,
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
      .all([platform.shellSetup(convertUrl), rest, convertUrl, storage.inBucket, storage.outBucket, trigger])
      .apply(([setup, rest, url, inBucket, outBucket, name]) => ({
        setup,
        ...commandsFor({ rest, url, inBucket, outBucket, trigger: name, storage: storage.endpoint, events }),
      })),
  };
}
