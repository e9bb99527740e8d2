/** What the chart puts together as `imageName:imageTag`. */
interface ImageValues {
  readonly imageName: string;
  readonly imageTag: string;
}

/**
 * The values of the chart that PDFMagic sets: names and types are the chart's own (helm/openwhisk/values.yaml), held against
 * it by test/openwhisk-release/values.test.ts. An object literal of this type cannot name anything else.
 */
export interface ChartValues {
  readonly whisk: {
    readonly ingress: {
      readonly type: 'NodePort' | 'LoadBalancer';
      readonly apiHostName: string;
      readonly apiHostPort: number;
      readonly apiHostProto: 'https';
      readonly annotations: Readonly<Record<string, string>>;
      readonly useInternally: boolean;
    };
    readonly auth: { readonly system: string; readonly guest: string };
    readonly limits: {
      readonly actionsInvokesPerminute: number;
      readonly actionsInvokesConcurrent: number;
      readonly triggersFiresPerminute: number;
      /** E.g. `512m`, in MiB. */
      readonly actions: { readonly memory: { readonly max: string } };
      /** Bytes, as a text: YAML would make a float of a large number. */
      readonly activation: { readonly payload: { readonly max: string } };
    };
    /** E.g. `2048m`, in MiB. */
    readonly containerPool: { readonly userMemory: string };
    /** Name of a file in the chart. */
    readonly runtimes: string;
    readonly testing: { readonly includeTests: boolean };
  };
  readonly utility: ImageValues;
  readonly busybox: ImageValues;
  readonly zookeeper: ImageValues;
  readonly kafka: ImageValues;
  readonly redis: ImageValues;
  readonly apigw: ImageValues;
  readonly controller: ImageValues;
  readonly db: ImageValues & { readonly auth: { readonly username: string; readonly password: string } };
  readonly nginx: ImageValues & { readonly httpsNodePort: number };
  readonly invoker: ImageValues & {
    readonly containerFactory: {
      readonly impl: 'kubernetes';
      readonly kubernetes: { readonly isolateUserActions: boolean };
    };
  };
  readonly providers: { readonly alarm: { readonly enabled: boolean }; readonly kafka: { readonly enabled: boolean } };
  readonly affinity: {
    readonly enabled: boolean;
    readonly invokerNodeLabel: 'invoker';
    readonly coreNodeLabel: 'core';
  };
  readonly toleration: { readonly enabled: boolean };
  readonly pdb: { readonly enable: boolean };
  readonly k8s: { readonly persistence: { readonly enabled: boolean; readonly hasDefaultStorageClass: boolean } };
}
