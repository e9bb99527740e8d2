/** The pod of the feed: what it is told, and how little it may do. */
import type * as kubernetes from '@pulumi/kubernetes';
import type * as pulumi from '@pulumi/pulumi';

/** Name of everything of the feed inside its namespace. */
export const FEED = 'feed';
export const FEED_PORT = 8080;
/** Of its pods. */
export const FEED_LABELS = { app: FEED } as const;

export interface FeedPodArgs {
  readonly image: pulumi.Input<string>;
  /** URL of OpenWhisk's API host. */
  readonly apihost: pulumi.Input<string>;
  /** PEM of the CA that signed the API host's certificate, if it is not a public one. */
  readonly caCertificate?: pulumi.Input<string> | undefined;
  /** Accept any certificate: only by explicit choice. */
  readonly insecure?: boolean | undefined;
  /** Full name: `projects/PROJECT/subscriptions/NAME`. */
  readonly subscription: pulumi.Input<string>;
  /** Name of the trigger. */
  readonly trigger: string;
  /** Names on Kubernetes. */
  readonly secret: pulumi.Input<string>;
  readonly serviceAccount: pulumi.Input<string>;
  /** Whether the secret has a key of a Google service account. */
  readonly hasKey: boolean;
}

type PodSpec = kubernetes.types.input.core.v1.PodSpec;
type Env = kubernetes.types.input.core.v1.EnvVar;

/** Events that are under way at a time: fired, and not come out. So many conversions are asked for at once. */
const MAX_IN_FLIGHT = 16;
/** Where the Secret is mounted: the key of OpenWhisk is not in the files, the others are. */
const FILES = '/etc/feed';
/** Seconds: the feed gives what is under way 5, and then closes its subscription. */
const GRACE = 30;
/** The user `node` of the image. */
const USER = 1000;

/** The pod's specification. */
export function describePod(args: FeedPodArgs): PodSpec {
  const files = [
    ...(args.caCertificate === undefined ? [] : [{ key: 'ca.pem', path: 'ca.pem' }]),
    ...(args.hasKey ? [{ key: 'key.json', path: 'key.json' }] : []),
  ];
  return {
    serviceAccountName: args.serviceAccount,
    automountServiceAccountToken: false,
    terminationGracePeriodSeconds: GRACE,
    securityContext: {
      runAsNonRoot: true,
      runAsUser: USER,
      runAsGroup: USER,
      // So that the user may read the mounted files.
      fsGroup: USER,
      seccompProfile: { type: 'RuntimeDefault' },
    },
    // Away from spot machines, where there are others.
    affinity: {
      nodeAffinity: {
        preferredDuringSchedulingIgnoredDuringExecution: [
          {
            weight: 80,
            preference: { matchExpressions: [{ key: 'openwhisk-role', operator: 'In', values: ['core'] }] },
          },
        ],
      },
    },
    containers: [
      {
        name: FEED,
        image: args.image,
        env: describeEnvironment(args),
        ports: [{ name: 'http', containerPort: FEED_PORT }],
        readinessProbe: { httpGet: { path: '/ready', port: 'http' }, periodSeconds: 5, timeoutSeconds: 5 },
        livenessProbe: { httpGet: { path: '/live', port: 'http' }, periodSeconds: 10, timeoutSeconds: 5 },
        resources: { requests: { cpu: '50m', memory: '128Mi' }, limits: { memory: '256Mi' } },
        securityContext: {
          allowPrivilegeEscalation: false,
          readOnlyRootFilesystem: true,
          capabilities: { drop: ['ALL'] },
        },
        volumeMounts: files.length === 0 ? [] : [{ name: 'files', mountPath: FILES, readOnly: true }],
      },
    ],
    volumes:
      files.length === 0
        ? []
        : [{ name: 'files', secret: { secretName: args.secret, defaultMode: 0o440, items: files } }],
  };
}

function describeEnvironment(args: FeedPodArgs): Env[] {
  const told: Record<string, pulumi.Input<string>> = {
    OPENWHISK_APIHOST: args.apihost,
    SUBSCRIPTION: args.subscription,
    TRIGGER: args.trigger,
    PORT: String(FEED_PORT),
    MAX_IN_FLIGHT: String(MAX_IN_FLIGHT),
    ...(args.caCertificate === undefined ? {} : { NODE_EXTRA_CA_CERTS: `${FILES}/ca.pem` }),
    ...(args.insecure ? { NODE_TLS_REJECT_UNAUTHORIZED: '0' } : {}),
    ...(args.hasKey ? { GOOGLE_APPLICATION_CREDENTIALS: `${FILES}/key.json` } : {}),
  };
  return [
    ...Object.entries(told).map(([name, value]) => ({ name, value })),
    { name: 'OPENWHISK_AUTH', valueFrom: { secretKeyRef: { name: args.secret, key: 'auth' } } },
  ];
}
