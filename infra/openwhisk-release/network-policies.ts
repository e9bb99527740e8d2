/**
 * Who may talk to whom inside the release's namespace. They take the place of the chart's own policies
 * (templates/network-policy.yaml, off by `isolateUserActions: false`), which open the API gateway to all: policies add up,
 * so nothing can be taken away from beside them. The gateway's management (`/v2`, port 9000) asks for no key, and the chart's
 * nginx passes it on to the world; here nginx cannot reach that port. The `apimgmt` actions, which manage APIs, can.
 *
 * They hold where the cluster enforces them: GKE does with Dataplane V2. `OpenWhiskReady` looks from outside.
 */
import * as kubernetes from '@pulumi/kubernetes';
import type * as pulumi from '@pulumi/pulumi';
import { GATEWAY_PORTS, RELEASE } from './chart';

type Rule = kubernetes.types.input.networking.v1.NetworkPolicyIngressRule;
type Selector = kubernetes.types.input.meta.v1.LabelSelector;

/** The label that the invoker gives to the pods of actions. */
const ACTION = 'user-action-pod';
const noAction = { key: ACTION, operator: 'DoesNotExist' };
const named = (operator: 'In' | 'NotIn', ...names: string[]) => ({
  key: 'name',
  operator,
  values: names.map((name) => `${RELEASE}-${name}`),
});

/** By name: which pods, and what may reach them. */
const POLICIES: Readonly<Record<string, { readonly pods: Selector; readonly ingress: Rule[] }>> = {
  'default-deny': { pods: {}, ingress: [] },
  // CouchDB, Redis, Kafka, Zookeeper, invokers and all the rest: their own kind only, and no action.
  backend: {
    pods: { matchExpressions: [noAction, named('NotIn', 'controller', 'nginx', 'apigateway')] },
    ingress: [{ from: [{ podSelector: { matchExpressions: [noAction] } }] }],
  },
  frontend: { pods: { matchExpressions: [named('In', 'controller', 'nginx')] }, ingress: [{}] },
  apigateway: {
    pods: { matchExpressions: [named('In', 'apigateway')] },
    ingress: [
      { ports: [{ protocol: 'TCP', port: GATEWAY_PORTS.managedApis }] },
      {
        ports: [{ protocol: 'TCP', port: GATEWAY_PORTS.management }],
        from: [{ podSelector: { matchExpressions: [named('NotIn', 'nginx')] } }],
      },
    ],
  },
  actions: {
    pods: { matchLabels: { [ACTION]: 'true' } },
    ingress: [{ from: [{ podSelector: { matchLabels: { name: `${RELEASE}-invoker` } } }] }],
  },
};

/** Makes the policies in `namespace`. */
export function networkPolicies(
  namespace: pulumi.Input<string>,
  options: pulumi.CustomResourceOptions,
): kubernetes.networking.v1.NetworkPolicy[] {
  return Object.entries(POLICIES).map(
    ([name, { pods, ingress }]) =>
      new kubernetes.networking.v1.NetworkPolicy(
        name,
        { metadata: { name, namespace }, spec: { podSelector: pods, policyTypes: ['Ingress'], ingress } },
        options,
      ),
  );
}
