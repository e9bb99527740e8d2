/** The outputs of a stack on Cloud Run: where everything is, and a command to paste for each way there is. */
import * as pulumi from '@pulumi/pulumi';
import { type Commands, commandsFor } from '../../../contract/commands';
import { REAL_STORAGE } from '../storage';
import type { CloudRunConfig, CloudRunService } from './cloud-run';

/** What `pulumi stack output` shows; nothing of it is secret. */
export interface CloudRunOutputs {
  readonly student: string;
  readonly platform: 'cloudrun';
  /** URL of the service. */
  readonly url: pulumi.Input<string>;
  /** v1 by POST, v2 by PUT; v3 takes CloudEvents: Eventarc calls it. */
  readonly endpoints: Readonly<Record<'v1' | 'v2' | 'v3', pulumi.Input<string>>>;
  readonly buckets: { readonly in: pulumi.Input<string>; readonly out: pulumi.Input<string> };
  /** URL of the Cloud Storage that holds the buckets. */
  readonly storage: string;
  readonly events: { readonly source: CloudRunService['events']; readonly deadLetters?: pulumi.Input<string> };
  readonly commands: pulumi.Input<Readonly<Record<'v1' | 'v2' | 'v3', Pick<Commands, 'curl'>>>>;
}

/** Describes the deployed stack. */
export function describeCloudRun({ student }: CloudRunConfig, service: CloudRunService): CloudRunOutputs {
  const { url, inBucket, outBucket, storageEndpoint, deadLetters } = service;
  const convert = pulumi.interpolate`${url}/convert/pdf`;
  return {
    student,
    platform: 'cloudrun',
    url,
    endpoints: { v1: convert, v2: convert, v3: service.eventsUrl ?? pulumi.interpolate`${url}/events` },
    buckets: { in: inBucket, out: outBucket },
    storage: storageEndpoint ?? REAL_STORAGE,
    events: { source: service.events, ...(deadLetters === undefined ? {} : { deadLetters }) },
    commands: pulumi.all([convert, inBucket, outBucket]).apply(([convertUrl, from, to]) => {
      const places = { rest: '', trigger: '', url: convertUrl, inBucket: from, outBucket: to };
      const { v1, v2, v3 } = commandsFor({ ...places, storage: storageEndpoint, events: true });
      const curl = (commands: Commands) => ({ curl: commands.curl });
      return { v1: curl(v1), v2: curl(v2), v3: curl(v3) };
    }),
  };
}
