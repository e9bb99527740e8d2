import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { OpenWhiskReadyInputs } from '../../infra/cluster-waits/src/openwhisk-ready/openwhisk-ready-provider';
import { openwhiskReady } from '../../infra/cluster-waits/src/providers';
import { emptyCluster, KubernetesServer } from './kubernetes-server';
import { NAMESPACE, nginx, unscheduledInvoker } from './objects';
import { OpenWhiskServer } from './openwhisk-server';
import { selfSigned } from './self-signed';
import { TestClock } from './test-clock';

const AUTH = '23bc46b1-71f6-4ed5-8c54-816aa4f8c502:aB3dE5gH7jK9mN1pQ3sT5vW7yZ9bC1dE3fG5hJ7kL9mN1pQ3sT5vW7yZ9bC1dE3f';
const server = new KubernetesServer();
const openwhisk = new OpenWhiskServer(AUTH);
let clock: TestClock;

beforeAll(async () => {
  await server.start();
  await openwhisk.start();
});
afterAll(async () => {
  await server.stop();
  await openwhisk.stop();
});
beforeEach(() => {
  server.state = emptyCluster();
  server.state.services.push(nginx('LoadBalancer', '192.0.2.1'));
  openwhisk.status = 200;
  openwhisk.management = { status: 504, body: '<html>504 Gateway Time-out</html>' };
  openwhisk.asked.length = 0;
  clock = new TestClock();
});

const inputs = (more: Partial<OpenWhiskReadyInputs> = {}): OpenWhiskReadyInputs => ({
  ...{ kubeconfig: server.kubeconfig, namespace: NAMESPACE, release: 'openwhisk', timeout: 10, auth: AUTH },
  ...{ apihost: openwhisk.apihost, caCertificate: openwhisk.certificate.cert },
  ...more,
});
const create = (more: Partial<OpenWhiskReadyInputs> = {}) => openwhiskReady.create(inputs(more), clock);

/** The error of a wait, which never holds the key, in whatever form. */
async function failure(more: Partial<OpenWhiskReadyInputs> = {}): Promise<string> {
  const error = await create(more).then(() => 'no error', String);
  const secret = AUTH.split(':')[1] ?? '';
  for (const form of [secret, btoa(AUTH), KubernetesServer.token]) expect(error).not.toContain(form);
  return error;
}

describe('an OpenWhisk', () => {
  it('is ready when it answers to the key over TLS that verifies; its address is an output', async () => {
    const { id, outs } = await create();
    expect({ id, outs }).toEqual({ id: openwhisk.apihost, outs: { ...inputs(), address: '192.0.2.1' } });
    expect(openwhisk.asked[0]).toBe('GET /api/v1/namespaces');
    expect(clock.minutes).toBe(0);
  });

  it('without a load balancer has no address', async () => {
    server.state.services.splice(0, 1, nginx('NodePort'));
    expect((await create()).outs).not.toHaveProperty('address');
  });

  it('is waited for while it starts: nothing listens, then the proxy has no backend, then the key is not known yet', async () => {
    await openwhisk.stop();
    openwhisk.status = 502;
    let back = Promise.resolve(openwhisk);
    clock.after(1, () => {
      back = openwhisk.start();
    });
    clock.after(2, () => {
      openwhisk.status = 401;
    });
    clock.after(7, () => {
      openwhisk.status = 200;
    });
    await create();
    await back;
    expect(clock.minutes).toBeCloseTo(7, 0);
  });

  it('is waited for again by an update', async () => {
    openwhisk.status = 503;
    clock.after(1, () => {
      openwhisk.status = 200;
    });
    const { outs } = await openwhiskReady.update('id', inputs({ apihost: 'https://old' }), inputs(), clock);
    expect(outs).toMatchObject({ apihost: openwhisk.apihost });
    expect(clock.minutes).toBeCloseTo(1, 0);
  });
});

describe('an OpenWhisk that does not get ready', () => {
  it('with another key than the state has is told so after six minutes', async () => {
    openwhisk.status = 401;
    expect(await failure()).toMatch(/answers 401: it does not know the key of this stack's state.*pulumi stack/);
    expect(clock.minutes).toBeCloseTo(6, 0);
  });

  it('with another key is told so as well when there is less time', async () => {
    openwhisk.status = 401;
    expect(await failure({ timeout: 1 })).toMatch(/answers 401/);
  });

  it('with another certificate is told the reason of TLS', async () => {
    expect(await failure({ caCertificate: selfSigned('127.0.0.1').cert })).toMatch(
      /certificate of https:\/\/127.0.0.1:\d+ does not verify \((DEPTH_ZERO_SELF_SIGNED_CERT|CERT_SIGNATURE_FAILURE|UNABLE_TO_VERIFY)\S*: .*rollout restart deployment openwhisk-nginx/,
    );
    expect(clock.minutes).toBeCloseTo(2, 0);
  });

  it('with a certificate for another name is told so', async () => {
    const apihost = openwhisk.apihost.replace('127.0.0.1', 'localhost');
    expect(await failure({ apihost })).toMatch(/does not verify \(ERR_TLS_CERT_ALTNAME_INVALID/);
  });

  it('where nothing listens is told the state of the Service and of the pods', async () => {
    server.state.services.splice(0, 1, nginx('NodePort'));
    server.state.pods.push(unscheduledInvoker('0/1 nodes are available: 1 Insufficient cpu.'));
    const text = await failure({ apihost: 'https://127.0.0.1:1' });
    expect(text).toMatch(/after 10 minutes: ECONNREFUSED[\s\S]*Nothing listens there/);
    expect(text).toMatch(/service openwhisk-nginx: type NodePort, ports 443 \(31001 on the nodes\)/);
    expect(text).toMatch(/pod openwhisk-invoker-0: 0\/1 nodes are available: 1 Insufficient cpu/);
  });

  it('whose proxy finds no backend is told what it answered', async () => {
    openwhisk.status = 502;
    expect(await failure({ timeout: 1 })).toMatch(/does not answer at .* after 1 minutes: HTTP 502/);
  });
});

describe('a reserved address', () => {
  it('is waited for', async () => {
    server.state.services.splice(0, 1, nginx('LoadBalancer'));
    clock.after(2, () => server.state.services.splice(0, 1, nginx('LoadBalancer', '192.0.2.7')));
    expect((await create({ expectedAddress: '192.0.2.7' })).outs).toMatchObject({ address: '192.0.2.7' });
    expect(clock.minutes).toBeCloseTo(2, 0);
  });

  it('may come after another one, for two minutes', async () => {
    clock.after(1, () => server.state.services.splice(0, 1, nginx('LoadBalancer', '192.0.2.7')));
    await create({ expectedAddress: '192.0.2.7' });
    expect(clock.minutes).toBeCloseTo(1, 0);
  });

  it('that the cluster did not take is an error with both addresses and the annotation', async () => {
    const error = await failure({ expectedAddress: '192.0.2.7' });
    expect(error).toMatch(/has the address 192.0.2.1 instead of the reserved 192.0.2.7/);
    expect(error).toMatch(/networking\.gke\.io\/load-balancer-ip-addresses.*cloud\.google\.com\/l4-rbs/);
    expect(openwhisk.asked).toEqual([]);
  });

  it('that never comes is an error with the reason', async () => {
    server.state.services.splice(0, 1, nginx('LoadBalancer'));
    expect(await failure({ expectedAddress: '192.0.2.7' })).toMatch(
      /got no address, though 192.0.2.7 is reserved.*\n.*service openwhisk-nginx/,
    );
  });

  it('of a Service that is not there yet is waited for as well', async () => {
    server.state.services.splice(0, 1);
    clock.after(3, () => server.state.services.push(nginx('LoadBalancer', '192.0.2.7')));
    await create({ expectedAddress: '192.0.2.7' });
    expect(clock.minutes).toBeCloseTo(3, 0);
  });
});

describe('the management of the API gateway', () => {
  beforeEach(() => {
    openwhisk.management = { status: 200, body: '[]' };
  });

  it('that answers to the world is an error', async () => {
    expect(await failure({ expectedAddress: '192.0.2.1' })).toMatch(
      /management answers at .*\/v2 without a key[\s\S]*does not enforce network policies[\s\S]*Dataplane V2/,
    );
    expect(openwhisk.asked.at(-1)).toBe('GET /v2/23bc46b1-71f6-4ed5-8c54-816aa4f8c502/apis');
  });

  it("that answers on a cluster of one's own is a warning", async () => {
    await create();
    expect(clock.reports).toEqual([expect.stringMatching(/^warning: The API gateway's management answers/)]);
  });

  it.each([403, 404, 502, 504])('is closed when it answers %i', async (status) => {
    openwhisk.management = { status, body: '' };
    await create({ expectedAddress: '192.0.2.1' });
    expect(clock.reports).toEqual([]);
  });
});
