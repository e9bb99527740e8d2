/** What containers of actions may reach on a cluster: what they need, and never what tells a machine who it is. */
import { BlockList } from 'node:net';
import { describe, expect, test } from 'vitest';
import { describeEgressOfActions } from '../../infra/parts/openwhisk-release/network-policies';

type Rules = ReturnType<typeof describeEgressOfActions>;
/** What the rules are made of: nothing of it is an output. */
interface Plain {
  readonly to?: readonly { readonly ipBlock?: { readonly cidr: string; readonly except: readonly string[] } }[];
  readonly ports?: readonly { readonly protocol: string; readonly port: number }[];
}

/** Whether an address that is no pod's is let through at a TCP port. DNS apart: its rule is for every address. */
function isReached(rules: Rules, address: string, port: number): boolean {
  const family = address.includes(':') ? 'ipv6' : 'ipv4';
  const within = (cidr: string): boolean => {
    const [net = '', bits] = cidr.split('/');
    if (net.includes(':') !== (family === 'ipv6')) return false;
    const list = new BlockList();
    list.addSubnet(net, Number(bits), family);
    return list.check(address, family);
  };
  return (rules as readonly Plain[]).some(({ to = [], ports }) => {
    const block = to.some(({ ipBlock }) => ipBlock && within(ipBlock.cidr) && !ipBlock.except.some(within));
    return block && (ports === undefined || ports.some((each) => each.port === port && each.protocol === 'TCP'));
  });
}

const OPENWHISK = { apihost: 'https://192.0.2.7', storageEndpoint: undefined };
const METADATA = ['169.254.169.254', 'fe80::1', 'fd20:ce::254'];
const INSIDE = ['10.4.0.1', '172.16.5.5', '192.168.1.1', '100.64.0.1', 'fd00::1'];

describe('an action on a cluster', () => {
  test('reaches Google by HTTPS, and no other port of the internet', () => {
    const rules = describeEgressOfActions(OPENWHISK);
    for (const address of ['142.250.1.1', '199.36.153.8', '2a00:1450::1']) {
      expect(isReached(rules, address, 443)).toBe(true);
      expect(isReached(rules, address, 80)).toBe(false);
      expect(isReached(rules, address, 25)).toBe(false);
    }
  });

  test.each([
    ['as a rule', OPENWHISK],
    ['with an emulator', { apihost: 'https://10.0.0.5:31001', storageEndpoint: 'http://fake-gcs.lab:80' }],
  ])('never reaches a metadata server %s', (_, reached) => {
    const rules = describeEgressOfActions(reached);
    for (const address of METADATA.slice(0, 2)) {
      for (const port of [80, 443, 988, 31_001]) expect(isReached(rules, address, port), address).toBe(false);
    }
    expect(isReached(rules, '169.254.169.254', 53)).toBe(false);
  });

  test('reaches no node, pod or neighbour by its address', () => {
    const rules = describeEgressOfActions(OPENWHISK);
    for (const address of [...INSIDE, ...METADATA])
      for (const port of [80, 443, 5984, 6379, 6443, 10250])
        expect(isReached(rules, address, port), address).toBe(false);
  });

  test('reaches OpenWhisk where the world does, and an emulator at its port', () => {
    const rules = describeEgressOfActions({
      apihost: 'https://10.0.0.5:31001',
      storageEndpoint: 'http://10.0.0.6:4443',
    });
    expect(isReached(rules, '10.0.0.5', 31_001)).toBe(true);
    expect(isReached(rules, '10.0.0.6', 4443)).toBe(true);
    expect(isReached(rules, '10.0.0.5', 10_250)).toBe(false);
  });

  test("reaches of OpenWhisk's own pods its front and the gateway, and of others the feed", () => {
    const pods = JSON.stringify(describeEgressOfActions(OPENWHISK).map(({ to }) => to));
    expect(pods).toContain('"openwhisk-nginx","openwhisk-apigateway"');
    expect(pods).toContain('{"namespaceSelector":{},"podSelector":{"matchLabels":{"app":"feed"}}}');
    expect(pods).not.toMatch(/couchdb|redis|kafka|controller/);
  });
});
