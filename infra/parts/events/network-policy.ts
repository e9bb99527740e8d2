/** Who may reach the feed: containers of OpenWhisk's actions, since the feed action asks it to start and stop. It holds where the cluster enforces policies. */
import * as kubernetes from '@pulumi/kubernetes';
import type * as pulumi from '@pulumi/pulumi';

/** The label that OpenWhisk's invoker gives to the pods of actions. */
const ACTION_PODS = { 'user-action-pod': 'true' };

/**
 * Makes the policy.
 * @param openwhiskNamespace the Kubernetes namespace of OpenWhisk; any when undefined
 */
export function letOnlyActionsReach(
  name: string,
  namespace: pulumi.Input<string>,
  labels: Readonly<Record<string, string>>,
  port: number,
  openwhiskNamespace: string | undefined,
  options: pulumi.CustomResourceOptions,
): kubernetes.networking.v1.NetworkPolicy {
  const inNamespace =
    openwhiskNamespace === undefined ? {} : { matchLabels: { 'kubernetes.io/metadata.name': openwhiskNamespace } };
  return new kubernetes.networking.v1.NetworkPolicy(
    name,
    {
      metadata: { name, namespace },
      spec: {
        podSelector: { matchLabels: labels },
        policyTypes: ['Ingress'],
        ingress: [
          {
            from: [{ namespaceSelector: inNamespace, podSelector: { matchLabels: ACTION_PODS } }],
            ports: [{ protocol: 'TCP', port }],
          },
        ],
      },
    },
    options,
  );
}
