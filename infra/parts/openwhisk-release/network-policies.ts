/**
 * Who may talk to whom inside the release's namespace. They take the place of the chart's own policies
 * (templates/network-policy.yaml, off by `isolateUserActions: false`), which open the API gateway to all: policies add up,
 * so nothing can be taken away from beside them. The gateway's management (`/v2`, port 9000) asks for no key, and the chart's
 * nginx passes it on to the world; here nginx cannot reach that port. The `apimgmt` actions, which manage APIs, can.
 *
 * Actions, for their part, reach what they need and no more: names, OpenWhisk's own front and gateway, the feed, an emulator's
 * port where there is one, and HTTPS on the internet; neither the metadata server, which tells a machine who it is, nor other
 * addresses of the cluster and its network.
 *
 * They hold where the cluster enforces them: GKE does with Dataplane V2. `OpenWhiskReady` looks from outside.
 */
import * as kubernetes from '@pulumi/kubernetes';
import type * as pulumi from '@pulumi/pulumi';
import { FEED_LABELS, FEED_PORT } from '../events/pod';
import { GATEWAY_PORTS, NAMESPACE, NGINX_PORTS, RELEASE } from './chart';

type Rule = kubernetes.types.input.networking.v1.NetworkPolicyIngressRule;
type EgressRule = kubernetes.types.input.networking.v1.NetworkPolicyEgressRule;
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
const POLICIES = {
  'default-deny': { pods: {}, ingress: [] },
  // CouchDB, Redis, Kafka, Zookeeper, invokers and all the rest: their own kind only, and no action.
  backend: {
    pods: { matchExpressions: [noAction, named('NotIn', 'controller', 'nginx', 'apigateway')] },
    ingress: [{ from: [{ podSelector: { matchExpressions: [noAction] } }] }],
  },
  controller: { pods: { matchExpressions: [named('In', 'controller')] }, ingress: [{}] },
  // Without TLS only pods of this namespace come in: OpenWhisk's own jobs, and actions that take OpenWhisk's word for its address.
  nginx: {
    pods: { matchExpressions: [named('In', 'nginx')] },
    ingress: [
      { ports: [{ protocol: 'TCP', port: NGINX_PORTS.world }] },
      { ports: [{ protocol: 'TCP', port: NGINX_PORTS.inside }], from: [{ podSelector: {} }] },
    ],
  },
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
} satisfies Readonly<Record<string, { readonly pods: Selector; readonly ingress: Rule[] }>>;

/** Link-local addresses: the metadata server of every cloud is among them. */
const LINK_LOCAL = { v4: '169.254.0.0/16', v6: 'fe80::/10' };
/** RFC 1918, 6598 and 4193: the cluster's nodes, pods and services, and what else is in its network. */
const PRIVATE = { v4: ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '100.64.0.0/10'], v6: ['fc00::/7'] };
const DNS = 53;
const HTTPS = 443;

/** URLs that the actions of a stack have to reach, wherever they are. */
export interface Reached {
  /** Of OpenWhisk, as the world calls it: a cluster may, or may not, see that it leads to pods of its own. */
  readonly apihost: string;
  /** Of an emulator of Cloud Storage; undefined for the real one. */
  readonly storageEndpoint: string | undefined;
}

/** What actions may reach. */
export function describeEgressOfActions({ apihost, storageEndpoint }: Reached): EgressRule[] {
  const tcp = (port: number) => [{ protocol: 'TCP', port }];
  const except = (v4: readonly string[], v6: readonly string[]) => [
    { ipBlock: { cidr: '0.0.0.0/0', except: [LINK_LOCAL.v4, ...v4] } },
    { ipBlock: { cidr: '::/0', except: [LINK_LOCAL.v6, ...v6] } },
  ];
  const rules: EgressRule[] = [
    // A node's own resolver is at a link-local address.
    { ports: [{ protocol: 'UDP', port: DNS }, ...tcp(DNS)] },
    { to: [{ podSelector: { matchExpressions: [named('In', 'nginx', 'apigateway')] } }] },
    { to: [{ namespaceSelector: {}, podSelector: { matchLabels: FEED_LABELS } }], ports: tcp(FEED_PORT) },
    { to: except(PRIVATE.v4, PRIVATE.v6), ports: tcp(HTTPS) },
  ];
  if (readPort(apihost) !== HTTPS) rules.push({ to: except([], []), ports: tcp(readPort(apihost)) });
  if (storageEndpoint === undefined) return rules;
  // An emulator may be a machine in the network or a pod, whose Service may have another port than itself.
  const others = { key: 'kubernetes.io/metadata.name', operator: 'NotIn', values: [NAMESPACE] };
  const pods = { to: [{ namespaceSelector: { matchExpressions: [others] } }] };
  return [...rules, { to: except([], []), ports: tcp(readPort(storageEndpoint)) }, pods];
}

function readPort(url: string): number {
  const { port, protocol } = new URL(url);
  if (port !== '') return Number(port);
  return protocol === 'http:' ? 80 : HTTPS;
}

/** Makes the policies in `namespace`. */
export function makeNetworkPolicies(
  namespace: pulumi.Input<string>,
  reached: pulumi.Output<Reached>,
  options: pulumi.CustomResourceOptions,
): kubernetes.networking.v1.NetworkPolicy[] {
  const ingress = Object.entries(POLICIES).map(([name, { pods, ingress }]) => ({
    ...{ name, podSelector: pods, policyTypes: ['Ingress'], ingress },
  }));
  const egress = {
    ...{ name: 'actions-egress', podSelector: POLICIES.actions.pods, policyTypes: ['Egress'] },
    egress: reached.apply(describeEgressOfActions),
  };
  return [...ingress, egress].map(
    ({ name, ...spec }) =>
      new kubernetes.networking.v1.NetworkPolicy(name, { metadata: { name, namespace }, spec }, options),
  );
}
