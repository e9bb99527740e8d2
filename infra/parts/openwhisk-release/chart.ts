/** Which Helm chart OpenWhisk comes from. Source: https://github.com/apache/openwhisk-deploy-kube, helm/openwhisk. */

/**
 * Release name: every object of the chart begins with it. Not configurable, since the certificate's Secret, the network
 * policies and the waits are found by it.
 */
export const RELEASE = 'openwhisk';

/** Kubernetes namespace of the release, which the stack owns. */
export const NAMESPACE = 'openwhisk';

export const CHART = {
  name: 'openwhisk',
  /** The only version that the Apache repository's index is known to serve; 1.0.1 is in the source, and takes the same values. */
  version: '1.0.0',
} as const;

/** Ports of the API gateway's Service. The chart's names for them are the wrong way round: see network-policies.ts. */
export const GATEWAY_PORTS = { managedApis: 8080, management: 9000 } as const;
