/** A Cloud Run service of the one image. What it is told, and its sizes, are those of cloudrun/README.md. */
import * as gcp from '@pulumi/gcp';
import * as pulumi from '@pulumi/pulumi';
import { CONTAINER_CONCURRENCY, CONVERSION_TIMEOUT } from '../../../contract/limits';
import { askProjectNumber, fitName, type GoogleCloud, type InRegion } from '../../parts/google-cloud';
import { CONTAINER_SIZE } from './container-size';

export interface ServiceArgs {
  /** `api` answers /convert/pdf to people; `events` answers /events to Eventarc alone. */
  readonly serves: 'api' | 'events';
  readonly image: pulumi.Input<string>;
  /** Who the service is: it needs no key. */
  readonly account: gcp.serviceaccount.Account;
  /** Variables of the container, beside those that all have. */
  readonly variables: Readonly<Record<string, pulumi.Input<string>>>;
  readonly maxInstances: number;
  /** Whether anyone may call it. */
  readonly isPublic: boolean;
  readonly dependsOn: readonly pulumi.Resource[];
}

/** What a service's name may have. https://cloud.google.com/run/docs/deploying */
const NAME_LENGTH = 49;

/**
 * The URL that Google gives to a service, known before there is one: https://cloud.google.com/run/docs/triggering/https-request
 * (deterministic URL). `uri` of the service is another one of it.
 */
export function foretellUrl(cloud: GoogleCloud<InRegion>, serves: ServiceArgs['serves']): pulumi.Output<string> {
  return pulumi.interpolate`https://${nameService(cloud, serves)}-${askProjectNumber(cloud)}.${cloud.config.region}.run.app`;
}

function nameService(cloud: GoogleCloud, serves: ServiceArgs['serves']): string {
  return fitName(NAME_LENGTH, cloud.config.student, serves === 'api' ? 'convert' : 'events');
}

/** Makes it. Whoever is to invoke one that is not public needs the role. */
export function makeService(cloud: GoogleCloud<InRegion>, args: ServiceArgs): gcp.cloudrunv2.Service {
  const { region, project } = cloud.config;
  const options = cloud.options('run');
  return new gcp.cloudrunv2.Service(
    args.serves,
    {
      name: nameService(cloud, args.serves),
      project,
      location: region,
      // Otherwise `pulumi destroy` would be refused.
      deletionProtection: false,
      // Eventarc counts as internal.
      ingress: args.serves === 'api' ? 'INGRESS_TRAFFIC_ALL' : 'INGRESS_TRAFFIC_INTERNAL_ONLY',
      // Not by a right of `allUsers`: by default, organizations created since May 2024 grant none to accounts outside.
      invokerIamDisabled: args.isPublic,
      labels: cloud.labels,
      template: {
        serviceAccount: args.account.email,
        scaling: { minInstanceCount: 0, maxInstanceCount: args.maxInstances },
        maxInstanceRequestConcurrency: CONTAINER_CONCURRENCY,
        timeout: `${CONVERSION_TIMEOUT / 1000}s`,
        containers: [
          {
            image: args.image,
            ports: { containerPort: 8080 },
            // Paid for while it answers, and not between two requests.
            resources: { limits: CONTAINER_SIZE, cpuIdle: true, startupCpuBoost: true },
            envs: [
              ...Object.entries(args.variables).map(([name, value]) => ({ name, value })),
              { name: 'CONCURRENCY', value: String(CONTAINER_CONCURRENCY) },
              { name: 'SERVES', value: args.serves },
            ],
            startupProbe: { httpGet: { path: '/ready' }, periodSeconds: 2, timeoutSeconds: 2, failureThreshold: 30 },
            livenessProbe: { httpGet: { path: '/live' }, periodSeconds: 30, timeoutSeconds: 5 },
          },
        ],
      },
    },
    { ...options, dependsOn: [...options.dependsOn, ...args.dependsOn] },
  );
}
