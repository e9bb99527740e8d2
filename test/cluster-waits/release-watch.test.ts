import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { MINUTE } from '../../infra/cluster-waits/src/cluster/clock';
import { releaseWatch } from '../../infra/cluster-waits/src/providers';
import { MORE_TIME } from '../../infra/parts/openwhisk-release/hints';
import { emptyCluster, KubernetesServer, kubeconfigFor } from './kubernetes-server';
import { NAMESPACE, node, revision, unscheduledInvoker } from './objects';
import { TestClock } from './test-clock';

const server = new KubernetesServer();
let clock: TestClock;

beforeAll(async () => void (await server.start()));
afterAll(() => server.stop());
beforeEach(() => {
  server.state = emptyCluster();
  server.outage = undefined;
  server.requests.length = 0;
  clock = new TestClock();
});

const inputs = (more: object = {}) => ({
  ...{ kubeconfig: server.kubeconfig, namespace: NAMESPACE, release: 'openwhisk', timeout: 20, values: 'digest' },
  moreTime: MORE_TIME,
  ...more,
});
const helm = (...found: ReturnType<typeof revision>[]) => {
  server.state.secrets.splice(0, Infinity, ...found);
};
const create = () => releaseWatch.create(inputs(), clock);

describe('the watch of a first installation', () => {
  it('ends when Helm says deployed', async () => {
    clock.after(0.5, () => helm(revision(1, 'pending-install'))).after(7, () => helm(revision(1, 'deployed')));
    const { id, outs } = await create();
    expect({ id, outs }).toEqual({ id: 'openwhisk/openwhisk', outs: inputs() });
    expect(clock.minutes).toBeCloseTo(7, 0);
  });

  it('asks for labels alone, not for the release in the Secret', async () => {
    clock.after(1, () => helm(revision(1, 'deployed')));
    await create();
    expect(server.requests[0]?.accept).toMatch(/as=PartialObjectMetadataList/);
  });

  it('names what is at fault when Helm gives up', async () => {
    clock.after(0.5, () => helm(revision(1, 'pending-install'))).after(9, () => helm(revision(1, 'failed')));
    server.state.pods.push(unscheduledInvoker("0/1 nodes are available: 1 node(s) didn't match Pod's node affinity."));
    server.state.nodes.push(node('core'));
    await expect(create()).rejects.toThrow(/release openwhisk has failed[\s\S]*pod openwhisk-invoker-0: 0\/1 nodes/);
    expect(clock.minutes).toBeCloseTo(9, 0);
  });

  it('names it as well when the time is over, and how to get more', async () => {
    helm(revision(1, 'pending-install'));
    server.state.pods.push(unscheduledInvoker('0/1 nodes are available: 1 Insufficient cpu.'));
    server.state.nodes.push(node('invoker'));
    await expect(create()).rejects.toThrow(
      /pending-install after 20 minutes[\s\S]*Insufficient cpu[\s\S]*releaseTimeout/,
    );
    expect(clock.minutes).toBeCloseTo(20, 0);
  });

  it('says once a minute what is waited for, when that is something new', async () => {
    helm(revision(1, 'pending-install'));
    server.state.pods.push(unscheduledInvoker('0/1 nodes are available: 1 Insufficient cpu.'));
    clock.after(4.5, () => server.state.pods.splice(0)).after(6, () => helm(revision(1, 'deployed')));
    await create();
    expect(clock.reports).toEqual([
      'Helm release openwhisk: pending-install. Waiting for pod openwhisk-invoker-0: 0/1 nodes are available: 1 Insufficient cpu.',
    ]);
  });

  it('that does not begin within three minutes is an error of its own', async () => {
    await expect(create()).rejects.toThrow(/release openwhisk has not started after 3 minutes.*--parallel 1/);
    expect(clock.minutes).toBeCloseTo(3, 0);
  });

  it('that an earlier run left half-way says how to go on', async () => {
    helm(revision(1, 'pending-install', new Date(clock.now() - 30 * MINUTE)));
    await expect(create()).rejects.toThrow(
      /pending-install because an earlier run.*kubectl -n openwhisk delete secret sh\.helm\.release\.v1\.openwhisk\.v1/,
    );
    expect(clock.minutes).toBe(0);
  });
});

it('an upgrade that has just begun is not taken for one that was left half-way', async () => {
  helm(revision(1, 'deployed', new Date(0)), revision(2, 'pending-upgrade', new Date(clock.now() - MINUTE)));
  clock.after(2, () => helm(revision(2, 'deployed', new Date(clock.now() - MINUTE))));
  await create();
  expect(clock.minutes).toBeCloseTo(2, 0);
});

describe('the watch of a second try', () => {
  it('does not take the failure of the first for its own', async () => {
    helm(revision(1, 'failed'));
    clock.after(1, () => helm(revision(1, 'failed'), revision(2, 'pending-upgrade')));
    clock.after(5, () => helm(revision(1, 'superseded'), revision(2, 'deployed')));
    await create();
    expect(clock.minutes).toBeCloseTo(5, 0);
  });

  it('fails when no second try begins', async () => {
    helm(revision(1, 'failed'));
    await expect(create()).rejects.toThrow(/has failed/);
    expect(clock.minutes).toBeCloseTo(3, 0);
  });
});

describe('the watch of an upgrade', () => {
  const update = (olds: object, news: object) => releaseWatch.update('id', inputs(olds), inputs(news), clock);

  it('waits for the new revision, not for the one that was deployed before', async () => {
    helm(revision(9, 'deployed'));
    clock.after(0.4, () => helm(revision(9, 'deployed'), revision(10, 'pending-upgrade')));
    clock.after(3, () => helm(revision(9, 'superseded'), revision(10, 'deployed')));
    await update({ values: 'old' }, { values: 'new' });
    expect(clock.minutes).toBeCloseTo(3, 0);
  });

  it('takes the old revision after half a minute without a new one', async () => {
    helm(revision(1, 'deployed'));
    await update({ values: 'old' }, { values: 'new' });
    expect(clock.minutes).toBeCloseTo(0.5, 0);
  });

  it('names what is at fault when the upgrade fails', async () => {
    helm(revision(1, 'deployed'), revision(2, 'pending-upgrade'));
    clock.after(2, () => helm(revision(1, 'deployed'), revision(2, 'failed')));
    await expect(update({ values: 'old' }, { values: 'new' })).rejects.toThrow(/has failed/);
  });

  it('does not look at all when only the time limit changed', async () => {
    await update({ timeout: 5 }, { timeout: 10 });
    expect(server.requests).toEqual([]);
  });
});

describe('a cluster that cannot be asked', () => {
  it('is borne for a short while', async () => {
    helm(revision(1, 'pending-install'));
    clock.after(1, () => {
      server.outage = 503;
    });
    clock.after(2.5, () => {
      server.outage = undefined;
      helm(revision(1, 'deployed'));
    });
    await create();
    expect(clock.minutes).toBeCloseTo(2.5, 0);
  });

  it('is an error after two minutes, in its own words', async () => {
    server.outage = 403;
    await expect(create()).rejects.toThrow('the cluster cannot be asked: HTTP 403: the server is currently unable');
    expect(clock.minutes).toBeCloseTo(2, 0);
  });

  it('for as long as the whole wait is an error in the same words', async () => {
    server.outage = 500;
    await expect(releaseWatch.create(inputs({ timeout: 1 }), clock)).rejects.toThrow(/cannot be asked: HTTP 500/);
  });

  it('is an error without the token in it', async () => {
    const kubeconfig = server.kubeconfig.replace(KubernetesServer.token, 'another-token-0123456789');
    const error = await releaseWatch.create(inputs({ kubeconfig }), clock).catch(String);
    expect(error).toMatch(/HTTP 401: it does not accept the credentials/);
    expect(error).not.toMatch(/another-token/);
  });

  it('for want of a credential plugin is one at once', async () => {
    const exec = { apiVersion: 'client.authentication.k8s.io/v1beta1', command: 'no-such-plugin', args: [] };
    const kubeconfig = kubeconfigFor('http://127.0.0.1:9', { exec });
    await expect(releaseWatch.create(inputs({ kubeconfig }), clock)).rejects.toThrow(
      /wants the program no-such-plugin, which is not on the PATH/,
    );
    expect(clock.minutes).toBe(0);
  });

  it('for want of a usable kubeconfig is one that does not quote it', async () => {
    const kubeconfig = 'users: [token: hunter2';
    const error = await releaseWatch.create(inputs({ kubeconfig }), clock).catch(String);
    expect(error).toMatch(/not valid YAML/);
    expect(error).not.toMatch(/hunter2/);
  });
});
