/** The URL of an API as the world calls it. */
import * as pulumi from '@pulumi/pulumi';
import type { Platform } from '../platform';

/** A name that only pods know: https://kubernetes.io/docs/concepts/services-networking/dns-pod-service/ */
const INSIDE_A_CLUSTER = /\.svc(\.|$)/;

/**
 * The URL of an API. What the gateway calls itself is no more than a belief: OpenWhisk's chart 1.0.0 tells it, behind a load balancer,
 * the name that nginx has inside the cluster.
 * @param told by the gateway
 */
export function findPublicUrl(
  { apihost, servesApis }: Pick<Platform, 'apihost' | 'servesApis'>,
  told: pulumi.Output<string>,
): pulumi.Output<string> {
  return pulumi.all([apihost, told]).apply(([host, url]) => {
    const { hostname, pathname } = new URL(url);
    return servesApis || INSIDE_A_CLUSTER.test(hostname) ? new URL(pathname, host).href : url;
  });
}
