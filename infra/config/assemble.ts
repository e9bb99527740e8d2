/** Makes the typed stack config of texts that have passed the check. */
import * as pulumi from '@pulumi/pulumi';
import type { ConfigKey, PlatformName, Target } from './key';
import { KEYS, type KeyName } from './keys';
import type {
  BuiltRuntimeConfig,
  EventsConfig,
  ExistingConfig,
  ExistingStorageConfig,
  GkeConfig,
  KubernetesConfig,
  LocalConfig,
  OwnEventsConfig,
  ReadyRuntimeConfig,
  ReleaseConfig,
  StackConfig,
} from './types';

/** Puts checked texts together. A text that is not set takes its key's default. */
export function assemble(target: Target, stack: string, values: ReadonlyMap<string, string>): StackConfig {
  const maybe = (name: KeyName): string | undefined => {
    const key: ConfigKey = KEYS[name];
    return values.get(name) ?? key.default;
  };
  const text = (name: KeyName): string => {
    const value = maybe(name);
    if (value === undefined) throw new Error(`config key ${name} passed the check without a value`);
    return value;
  };
  const read: Reader = {
    maybe,
    text,
    number: (name) => Number(text(name)),
    flag: (name) => text(name) === 'true',
    secret: (name) => pulumi.secret(text(name)),
    maybeSecret: (name) => (maybe(name) === undefined ? undefined : pulumi.secret(text(name))),
  };
  const student = text('student');
  if (target === 'local') return local(student, read);
  if (target === 'existing') return existing(student, stack, read);
  return target === 'kubernetes' ? kubernetes(student, stack, read) : gke(student, stack, read);
}

interface Reader {
  maybe(name: KeyName): string | undefined;
  text(name: KeyName): string;
  number(name: KeyName): number;
  flag(name: KeyName): boolean;
  secret(name: KeyName): pulumi.Output<string>;
  maybeSecret(name: KeyName): pulumi.Output<string> | undefined;
}

function local(student: string, read: Reader): LocalConfig {
  const allowed = read.maybe('forceDestroy');
  return {
    target: 'local',
    platform: platform(read),
    student,
    adopt: read.flag('adopt'),
    platformDir: read.text('platformDir'),
    // Here `destroy` is how one tidies up; that another name takes files along, nobody expects.
    loss: { byDestroy: allowed !== 'false', byReplacement: allowed === 'true' },
  };
}

function existing(student: string, stack: string, read: Reader): ExistingConfig {
  const events = ownEvents(stack, read);
  return {
    target: 'existing',
    student,
    adopt: read.flag('adopt'),
    apihost: withoutSlash(read.text('apihost')),
    auth: read.secret('auth'),
    namespace: read.text('namespace'),
    caCertificate: read.maybe('caCertificate'),
    insecure: read.flag('insecure'),
    runtime: { image: read.text('image'), python: read.maybe('python') },
    storage: existingStorage(read),
    events: events && { ...events, kubeconfig: read.text('kubeconfig'), kubeContext: read.maybe('kubeContext') },
  };
}

function kubernetes(student: string, stack: string, read: Reader): KubernetesConfig {
  return {
    target: 'kubernetes',
    student,
    adopt: read.flag('adopt'),
    apihost: withoutSlash(read.text('apihost')),
    kubeconfig: read.text('kubeconfig'),
    kubeContext: read.maybe('kubeContext'),
    ingress: read.text('ingress') === 'LoadBalancer' ? 'LoadBalancer' : 'NodePort',
    release: release(read),
    runtime: runtime(read),
    storage: existingStorage(read),
    events: ownEvents(stack, read),
  };
}

function gke(student: string, stack: string, read: Reader): GkeConfig {
  const zone = read.text('zone');
  const billingAccount = read.maybe('billingAccount');
  return {
    target: 'gke',
    platform: platform(read),
    student,
    adopt: read.flag('adopt'),
    stack,
    project: read.text('project'),
    zone,
    region: zone.slice(0, zone.lastIndexOf('-')),
    dnsName: read.maybe('dnsName'),
    nodes: {
      coreMachineType: read.text('coreMachineType'),
      invokerMachineType: read.text('invokerMachineType'),
      diskSize: read.number('diskSize'),
      invokerNodesMin: read.number('invokerNodesMin'),
      invokerNodesMax: read.number('invokerNodesMax'),
      invokerSpot: read.flag('invokerSpot'),
    },
    expires: read.maybe('expires'),
    budget: billingAccount === undefined ? undefined : { billingAccount, amount: read.number('budget') },
    release: release(read),
    runtime: runtime(read),
    storage: {
      objectAge: read.number('objectAge'),
      forceDestroy: read.maybe('forceDestroy') === 'true',
      keyRotation: read.text('keyRotation'),
      serviceAccountKey: read.maybeSecret('serviceAccountKey'),
      uploadKey: read.maybeSecret('uploadKey'),
    },
    events: events(read),
    cloudRun: {
      publicApi: read.flag('publicApi'),
      maxInstances: read.number('maxInstances'),
      image: read.maybe('image'),
      registry: read.maybe('registry'),
    },
  };
}

function platform(read: Reader): PlatformName {
  return read.text('platform') === 'cloudrun' ? 'cloudrun' : 'openwhisk';
}

function existingStorage(read: Reader): ExistingStorageConfig {
  return {
    inBucket: read.text('inBucket'),
    outBucket: read.text('outBucket'),
    serviceAccountKey: read.secret('serviceAccountKey'),
    uploadKey: read.maybeSecret('uploadKey'),
    storageEndpoint: read.maybe('storageEndpoint'),
  };
}

function events(read: Reader): EventsConfig {
  return {
    deliveryAttempts: read.number('deliveryAttempts'),
    feedImage: read.maybe('feedImage'),
    registry: read.maybe('registry'),
  };
}

function ownEvents(stack: string, read: Reader): OwnEventsConfig | undefined {
  const project = read.maybe('project');
  if (project === undefined) return undefined;
  return { ...events(read), stack, project, keyRotation: read.text('keyRotation') };
}

function runtime(read: Reader): ReadyRuntimeConfig | BuiltRuntimeConfig {
  const image = read.maybe('image');
  const python = read.maybe('python');
  if (image !== undefined) return { image, python };
  return { image, baseImage: read.text('baseImage'), registry: read.maybe('registry'), python };
}

function release(read: Reader): ReleaseConfig {
  return {
    chartRepository: withoutSlash(read.text('chartRepository')),
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

function withoutSlash(url: string): string {
  return url.replace(/\/+$/, '');
}
