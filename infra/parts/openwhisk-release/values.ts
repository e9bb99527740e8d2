/** The chart's values for a stack: each one that is not the chart's default has its reason beside it. */
import type { OpenWhiskLimits } from '../../config';
import type { ChartValues } from './chart-values';
import type { HeldImage, ReleaseImages } from './images';
import { RUNTIMES_FILE } from './runtimes';

/** What the values are made of, all known. */
export interface ValuesArgs {
  /** Where OpenWhisk answers: `https://HOST[:PORT]`. */
  readonly apihost: string;
  readonly ingress: 'NodePort' | 'LoadBalancer';
  /** Of the nginx Service. */
  readonly annotations: Readonly<Record<string, string>>;
  readonly limits: OpenWhiskLimits;
  /** `UUID:KEY`. */
  readonly systemKey: string;
  readonly guestKey: string;
  readonly images: ReleaseImages;
  readonly couchdb: { readonly username: string; readonly password: string };
}

/** The port of the chart's NodePort Service. */
const NODE_PORT = 31_001;
const MEBIBYTE = 1024 * 1024;

/** Makes the values. */
export function makeChartValues({ apihost, limits, images, ...args }: ValuesArgs): ChartValues {
  const { hostname, port } = new URL(apihost);
  return {
    whisk: {
      ingress: {
        type: args.ingress,
        // What the API gateway believes to be the URL of an API.
        apiHostName: hostname.replace(/^\[(.*)\]$/, '$1'),
        apiHostPort: port === '' ? 443 : Number(port),
        apiHostProto: 'https',
        annotations: args.annotations,
        // Inside the cluster the nginx Service is reached by its own name, whatever the world calls it.
        useInternally: false,
      },
      // The chart's own keys are public knowledge.
      auth: { system: args.systemKey, guest: args.guestKey },
      limits: {
        // The chart's 60 a minute are spent by one demonstration in a class.
        actionsInvokesPerminute: limits.invocationsPerMinute,
        actionsInvokesConcurrent: limits.concurrentInvocations,
        triggersFiresPerminute: limits.invocationsPerMinute,
        actions: { memory: { max: `${limits.actionMemory}m` } },
        // A photograph as base64 is soon above the chart's 1 MiB.
        activation: { payload: { max: String(limits.payload * MEBIBYTE) } },
      },
      // The chart's 2048m hold four conversions.
      containerPool: { userMemory: `${limits.invokerMemory}m` },
      // The chart's Node.js is 14.
      runtimes: RUNTIMES_FILE,
      // Pods for `helm test`, which nobody runs.
      testing: { includeTests: false },
    },
    // By digest: what a tag means may change, and one image has vanished before.
    utility: name(images.utility),
    busybox: name(images.busybox),
    zookeeper: name(images.zookeeper),
    kafka: name(images.kafka),
    redis: name(images.redis),
    apigw: name(images.apigw),
    controller: name(images.controller),
    // The chart's own password is public knowledge.
    db: { ...name(images.db), auth: { username: args.couchdb.username, password: args.couchdb.password } },
    nginx: { ...name(images.nginx), httpsNodePort: NODE_PORT },
    invoker: {
      ...name(images.invoker),
      containerFactory: {
        // GKE's nodes run containerd: there is no Docker for the chart's other factory.
        impl: 'kubernetes',
        // The stack's own network policies take the place of the chart's, which leave the gateway's management open.
        kubernetes: { isolateUserActions: false },
      },
    },
    // Nothing here uses alarms or Kafka feeds: two pods and a disk less.
    providers: { alarm: { enabled: false }, kafka: { enabled: false } },
    affinity: { enabled: true, invokerNodeLabel: 'invoker', coreNodeLabel: 'core' },
    // No node is tainted: containers of actions carry no toleration.
    toleration: { enabled: false },
    // policy/v1beta1, which Kubernetes no longer has.
    pdb: { enable: false },
    k8s: { persistence: { enabled: true, hasDefaultStorageClass: true } },
  };
}

function name({ name, tag }: HeldImage): { readonly imageName: string; readonly imageTag: string } {
  return { imageName: name, imageTag: tag };
}
