/** Which Helm chart OpenWhisk comes from. Source: https://github.com/apache/openwhisk-deploy-kube, helm/openwhisk. */

/**
 * Release name: every object of the chart begins with it. Not configurable, since the certificate's Secret, the network
 * policies and the waits are found by it.
 */
export const RELEASE = 'openwhisk';

/** Kubernetes namespace of the release, which the stack owns. */
export const NAMESPACE = 'openwhisk';

/** Domain of the names in a cluster: the chart's `k8s.domain`. */
const CLUSTER_DOMAIN = 'cluster.local';

/** All names by which pods call the chart's nginx: the longest one is what OpenWhisk tells its actions. */
export const INNER_HOSTS = [
  `${RELEASE}-nginx.${NAMESPACE}.svc.${CLUSTER_DOMAIN}`,
  `${RELEASE}-nginx.${NAMESPACE}.svc`,
  `${RELEASE}-nginx.${NAMESPACE}`,
  `${RELEASE}-nginx`,
] as const;

/** Where actions reach OpenWhisk, by a certificate of the stack's CA. */
export const INNER_APIHOST = `https://${INNER_HOSTS[0]}`;

/** Ports of the API gateway's Service. The chart's names for them are the wrong way round: see network-policies.ts. */
export const GATEWAY_PORTS = { managedApis: 8080, management: 9000 } as const;

/** Ports of nginx: without TLS, for OpenWhisk's own pods alone, and with it. */
export const NGINX_PORTS = { inside: 80, world: 443 } as const;
