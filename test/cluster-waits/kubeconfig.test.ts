import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as kubeconfig from '../../infra/cluster-waits/src/cluster/kubeconfig';
import { KUBECONFIG_HINTS } from '../../infra/parts/kubeconfig-file';

const readKubeconfig = (name: string, context: string | undefined) =>
  kubeconfig.readKubeconfig(name, context, KUBECONFIG_HINTS);

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'kubeconfig-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function file(content: string): Promise<string> {
  const name = path.join(folder, 'config');
  await writeFile(name, content);
  return name;
}

const TWO = `
apiVersion: v1
kind: Config
clusters:
- {name: home, cluster: {server: "https://192.0.2.1", certificate-authority: ca.pem}}
- {name: work, cluster: {server: "https://192.0.2.2"}}
users:
- {name: me, user: {exec: {apiVersion: client.authentication.k8s.io/v1beta1, command: gke-gcloud-auth-plugin, interactiveMode: IfAvailable}}}
- {name: boss, user: {token: hunter2}}
contexts:
- {name: home, context: {cluster: home, user: me}}
- {name: work, context: {cluster: work, user: boss}}
- {name: broken, context: {cluster: nowhere, user: me}}
current-context: home
`;

describe('a kubeconfig', () => {
  it('is cut to its current context, with files by absolute path and no other secret', async () => {
    const text = readKubeconfig(await file(TWO), undefined);
    const { clusters, users, contexts, 'current-context': current } = JSON.parse(text);
    expect([clusters.length, users.length, contexts.length, current]).toEqual([1, 1, 1, 'home']);
    expect(clusters[0].cluster['certificate-authority']).toBe(path.join(folder, 'ca.pem'));
    expect(users[0].user.exec.command).toBe('gke-gcloud-auth-plugin');
    expect(text).not.toMatch(/hunter2|192\.0\.2\.2/);
  });

  it('is cut to the context that is named', async () => {
    expect(JSON.parse(readKubeconfig(await file(TWO), 'work'))).toMatchObject({ 'current-context': 'work' });
  });

  it('without the context that is named says which it has', async () => {
    const name = await file(TWO);
    expect(() => readKubeconfig(name, 'other')).toThrow(/no context "other". It has: home, work, broken.*kubeContext/);
    expect(() => readKubeconfig(name, 'broken')).toThrow(/names the cluster nowhere/);
  });

  it('that cannot be read, or is not one, is an error that does not quote it', async () => {
    expect(() => readKubeconfig(path.join(folder, 'absent'), undefined)).toThrow(
      /absent cannot be read.*pulumi config set kubeconfig/,
    );
    const name = await file('users:\n- token: hunter2\n  x: [');
    expect(() => readKubeconfig(name, undefined)).toThrow(/is not a kubeconfig/);
    expect(() => readKubeconfig(name, undefined)).not.toThrow(/hunter2/);
  });
});
