/** Keys of OpenWhisk's release on a Kubernetes cluster. */
import { z } from 'zod';
import { CONVERSION_MEMORY } from '../../../contract/limits';
import { type ConfigKey, imageName, registryFolder, wholeNumber } from '../key';
import { demand, type Values } from '../problem';
import type { Reader } from '../reader';
import { askForFeedRegistry, findOwnEventConflicts } from './events';
import { OPENWHISK_KEYS } from './openwhisk';
import { RUNTIME_KEYS } from './runtime';

/** The last commit of apache/openwhisk-deploy-kube, of 2024-07-31, and the hash of its folder helm/openwhisk. */
const CHART_COMMIT = '108f327580f04c51dc4b29ac0beff024cfd6f2f9';
const CHART_SHA256 = 'e7632cc237688dbae2caea34b3eda665932cf431562ece99e10a7556aca5d9b0';

/** What these keys have in common. */
const RELEASE = { platform: 'openwhisk' } as const satisfies Partial<ConfigKey>;

export const RELEASE_KEYS = {
  chart: {
    ...RELEASE,
    schema: z.string().regex(/^[^\s]+$/),
    allowed: "where OpenWhisk's Helm chart comes from: the URL or path of an archive, or the path of a folder",
    note: 'The default is version 1.0.1, which no Helm repository has. It is fetched once, at the first `pulumi up`, and checked against `chartSha256`.',
    example: '../openwhisk-chart.tar.gz',
    default: `https://github.com/apache/openwhisk-deploy-kube/archive/${CHART_COMMIT}.tar.gz`,
  },
  chartSha256: {
    ...RELEASE,
    schema: z.string().regex(/^[0-9a-f]{64}$/),
    allowed: "the SHA-256 of the chart's content, 64 hexadecimal digits",
    note: 'In the folder of the chart: `find * -type f | LC_ALL=C sort | xargs sha256sum | sha256sum`.',
    example: CHART_SHA256,
    default: CHART_SHA256,
  },
  nodejsImage: {
    ...RELEASE,
    schema: imageName,
    allowed: 'the OpenWhisk Node.js action image that Node.js actions run in, Node.js 14 or newer',
    note: 'OpenWhisk calls it `nodejs:20`, whatever its real version.',
    example: 'openwhisk/action-nodejs-v20:1.23.0',
    default: 'openwhisk/action-nodejs-v20:1.22.0',
  },
  imageMirror: {
    ...RELEASE,
    schema: registryFolder,
    allowed: 'a registry and folder that mirror Docker Hub; the nodes pull the images of OpenWhisk from it',
    note:
      'On `gke` a remote repository of Artifact Registry is created unless you give one. See ' +
      '[what comes from outside](parts/openwhisk-release/README.md#what-comes-from-outside).',
    example: 'registry.example.org/docker-hub',
  },
  releaseTimeout: {
    ...RELEASE,
    schema: wholeNumber(1, 240),
    allowed: 'minutes that OpenWhisk may take to become ready on the cluster, 1 to 240',
    example: '30',
    default: '20',
  },
  actionMemory: {
    ...RELEASE,
    schema: wholeNumber(CONVERSION_MEMORY, 8192),
    allowed: `the most memory that an action may ask for, in MiB: ${CONVERSION_MEMORY} (what the actions here need) to 8192`,
    example: '1024',
    default: String(CONVERSION_MEMORY),
  },
  invokerMemory: {
    ...RELEASE,
    schema: wholeNumber(CONVERSION_MEMORY, 262_144),
    allowed: `MiB of memory that all containers of actions take together, at least ${CONVERSION_MEMORY}`,
    note: 'The default is enough for eight conversions at a time. More needs larger invoker nodes.',
    example: '8192',
    default: '4096',
  },
  payload: {
    ...RELEASE,
    schema: wholeNumber(1, 32),
    allowed: 'MiB of parameters or result of one invocation, 1 to 32',
    note: 'The default is the largest body that the API gateway accepts.',
    example: '5',
    default: '5',
  },
  invocationsPerMinute: {
    ...RELEASE,
    schema: wholeNumber(1, 1_000_000),
    allowed: 'invocations, and separately fired triggers, per minute and namespace',
    example: '1000',
    default: '600',
  },
  concurrentInvocations: {
    ...RELEASE,
    schema: wholeNumber(1, 100_000),
    allowed: 'invocations of one namespace that run at the same time',
    example: '100',
    default: '100',
  },
} as const satisfies Record<string, ConfigKey>;

/** How OpenWhisk is installed on a cluster. */
export type ReleaseConfig = Readonly<ReturnType<typeof readRelease>>;
/** What OpenWhisk allows: memory and payload in MiB. */
export type OpenWhiskLimits = Readonly<ReleaseConfig['limits']>;

/** Reads {@link ReleaseConfig}. */
export function readRelease(read: Reader<keyof typeof RELEASE_KEYS>) {
  return {
    chart: { from: read.text('chart'), sha256: read.text('chartSha256') },
    /** `NAME:TAG`. */
    nodejsImage: read.text('nodejsImage'),
    /** Registry and folder; target gke creates one when undefined, target kubernetes asks Docker Hub. */
    imageMirror: read.maybe('imageMirror'),
    /** Minutes. */
    timeout: read.number('releaseTimeout'),
    limits: {
      actionMemory: read.number('actionMemory'),
      invokerMemory: read.number('invokerMemory'),
      payload: read.number('payload'),
      invocationsPerMinute: read.number('invocationsPerMinute'),
      concurrentInvocations: read.number('concurrentInvocations'),
    },
  };
}

/** Finds, in words, what cannot be where OpenWhisk is installed on a cluster that the stack does not create. */
export function findReleaseConflicts(values: Values): string[] {
  const problems: string[] = [];
  if (/^http:/.test(values.get('apihost') ?? '')) {
    const allowed = "https://: the cluster's nginx serves nothing else";
    problems.push(demand('apihost', OPENWHISK_KEYS.apihost, 'http://', allowed));
  }
  problems.push(...findOwnEventConflicts(values));
  if (values.has('image') || values.has('registry')) return [...problems, ...askForFeedRegistry(values)];
  const allowed = 'where to push the image that is built, or `image` with a ready one';
  return [...problems, demand('registry', RUNTIME_KEYS.registry, 'nothing, and no image', allowed)];
}
