import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { volumesGone } from '../../infra/cluster-waits/src/providers';
import { emptyCluster, KubernetesServer, kubeconfigFor } from './kubernetes-server';
import { NAMESPACE, nginx, volume } from './objects';
import { TestClock } from './test-clock';

const server = new KubernetesServer();
let clock: TestClock;

beforeAll(async () => {
  await server.start();
});
afterAll(() => server.stop());
beforeEach(() => {
  server.state = emptyCluster();
  server.outage = undefined;
  server.requests.length = 0;
  clock = new TestClock();
});

const inputs = (more: object = {}) => ({ kubeconfig: server.kubeconfig, namespace: NAMESPACE, timeout: 15, ...more });
const remove = (more: object = {}) => volumesGone.delete('id', inputs(more), clock);

describe('what is left of a namespace', () => {
  it('is not looked at before the day of deletion', async () => {
    expect(await volumesGone.create(inputs())).toEqual({ id: NAMESPACE, outs: inputs() });
    expect(await volumesGone.update('id', inputs(), inputs({ timeout: 5 }))).toEqual({ outs: inputs({ timeout: 5 }) });
    expect(server.requests).toEqual([]);
  });

  it('is nothing on an empty cluster', async () => {
    server.state.persistentvolumes.push(volume('other', 'Delete', 'elsewhere'));
    await remove();
    expect(clock.minutes).toBe(0);
  });

  it('is waited for until volumes, load balancer and the namespace itself are gone', async () => {
    server.state.persistentvolumes.push(volume('pvc-1'));
    server.state.services.push(nginx('LoadBalancer', '192.0.2.1'));
    server.state.namespaces.push({ metadata: { name: NAMESPACE }, status: { phase: 'Terminating' } });
    clock.after(1, () => server.state.services.splice(0));
    clock.after(2, () => server.state.persistentvolumes.splice(0));
    clock.after(4, () => server.state.namespaces.splice(0));
    await remove();
    expect(clock.minutes).toBeCloseTo(4, 0);
  });

  it('is named when it stays, each with the commands that remove it', async () => {
    server.state.persistentvolumes.push(volume('pvc-1'));
    server.state.services.push(nginx('LoadBalancer', '192.0.2.1'), nginx('NodePort'));
    server.state.namespaces.push({
      metadata: { name: NAMESPACE },
      status: {
        phase: 'Terminating',
        conditions: [
          { type: 'NamespaceContentRemaining', status: 'True', message: 'services. has 1 resource instances' },
        ],
      },
    });
    const error = await remove().then(() => 'no error', String);
    expect(error).toMatch(/After 15 minutes, the cluster still has these of namespace openwhisk/);
    expect(error).toContain('volume pvc-1 of claim openwhisk-couchdb-pvc (Released): `kubectl delete pv pvc-1`');
    expect(error).toContain('`gcloud compute disks delete disk-pvc-1 --zone=europe-west1-b --project=p`');
    expect(error).toContain('gcloud compute forwarding-rules list --filter="IPAddress=192.0.2.1"');
    expect(error).toMatch(/namespace openwhisk \(Terminating, services\. has 1 resource instances\)/);
    expect(error.match(/load balancer of service/g)).toHaveLength(1);
    expect(clock.minutes).toBeCloseTo(15, 0);
  });

  it('is an error at once when it will never go: reclaim policy Retain', async () => {
    server.state.persistentvolumes.push(volume('pvc-1', 'Retain'), volume('pvc-2'));
    const error = await remove().then(() => 'no error', String);
    expect(error).toMatch(/reclaim policy Retain[\s\S]*volume pvc-1/);
    expect(error).not.toMatch(/pvc-2/);
    expect(clock.minutes).toBe(0);
  });
});

describe('a cluster that cannot be asked', () => {
  it('is borne for a short while', async () => {
    server.outage = 503;
    clock.after(1.5, () => {
      server.outage = undefined;
    });
    await remove();
    expect(clock.minutes).toBeCloseTo(1.5, 0);
  });

  it('is an error with the way out, after two minutes', async () => {
    const gone = { kubeconfig: kubeconfigFor('http://127.0.0.1:1') };
    const error = await remove(gone).then(() => 'no error', String);
    expect(error).toMatch(/not known .* are gone: the cluster cannot be asked: .*ECONNREFUSED/);
    expect(error).toMatch(/gcloud compute disks list.*[\s\S]*pulumi state delete/);
    expect(error).not.toContain(KubernetesServer.token);
    expect(clock.minutes).toBeCloseTo(2, 0);
  });
});
