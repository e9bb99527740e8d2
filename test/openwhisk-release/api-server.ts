/**
 * A real API server of Kubernetes with its etcd, for one test file, and its real controllers where a test wants them. No kubelet: pods
 * are taken, and run nowhere.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { CoreV1Api, KubeConfig } from '@kubernetes/client-node';
import { vi } from 'vitest';
import { freePort } from '../../ground/free-port';

/** One that runs. */
export interface ApiServer {
  readonly config: KubeConfig;
  /** `HOST:PORT`. */
  readonly endpoint: string;
  /** PEM of the CA that signed its certificate. */
  readonly ca: string;
  /** Of its administrator. */
  readonly token: string;
  /** What Helm has to be told to reach it. */
  readonly helm: readonly string[];
  /** Starts the controllers, which make pods of Deployments, and so on. */
  startControllers(): void;
  stop(): Promise<void>;
}

const PATIENCE = { timeout: 180_000, interval: 500 };

/** Somebody else may take a port that was free: then others are tried, so often. */
const ATTEMPTS = 5;

/** Starts both in a folder. @throws Error with what they said, when they do not answer */
export async function startApiServer(folder: string): Promise<ApiServer> {
  for (let attempt = 1; ; attempt += 1) {
    const place = path.join(folder, `${attempt}`);
    mkdirSync(place);
    try {
      return await startOnce(place);
    } catch (error) {
      if (attempt === ATTEMPTS || !/address already in use/.test(String(error))) throw error;
    }
  }
}

async function startOnce(folder: string): Promise<ApiServer> {
  const [etcdPort, peerPort, port] = [await freePort(), await freePort(), await freePort()];
  const token = randomBytes(16).toString('hex');
  const key = path.join(folder, 'accounts.key');
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  writeFileSync(key, privateKey.export({ type: 'pkcs8', format: 'pem' }));
  writeFileSync(path.join(folder, 'tokens.csv'), `${token},admin,1,system:masters\n`);
  const log = path.join(folder, 'log');
  const programs: ChildProcess[] = [];
  const start = (program: string, args: Readonly<Record<string, string>>) => {
    const options = Object.entries(args).map(([name, value]) => `--${name}=${value}`);
    const script = `exec ${program} "$@" >> '${log}' 2>&1`;
    programs.push(spawn('sh', ['-c', script, program, ...options], { stdio: 'ignore' }));
  };
  const stop = async () => {
    for (const program of programs.reverse()) {
      if (program.exitCode !== null || program.signalCode !== null) continue;
      program.kill('SIGKILL');
      await once(program, 'exit');
    }
  };
  const etcd = `http://127.0.0.1:${etcdPort}`;
  const peer = `http://127.0.0.1:${peerPort}`;
  start('etcd', {
    ...{ 'data-dir': path.join(folder, 'etcd'), name: 'test' },
    ...{ 'listen-client-urls': etcd, 'advertise-client-urls': etcd },
    ...{ 'listen-peer-urls': peer, 'initial-advertise-peer-urls': peer, 'initial-cluster': `test=${peer}` },
  });
  start('kube-apiserver', {
    ...{ 'etcd-servers': etcd, 'bind-address': '127.0.0.1', 'secure-port': `${port}`, 'cert-dir': folder },
    ...{ 'service-account-issuer': 'https://test', 'service-account-key-file': key },
    ...{ 'service-account-signing-key-file': key, 'service-cluster-ip-range': '10.96.0.0/16' },
    ...{ 'token-auth-file': path.join(folder, 'tokens.csv'), 'authorization-mode': 'RBAC' },
    // Needs accounts, which a controller makes that is not here.
    'disable-admission-plugins': 'ServiceAccount',
  });
  const server = `https://127.0.0.1:${port}`;
  const config = new KubeConfig();
  config.loadFromClusterAndUser({ name: 'test', server, caData: '', skipTLSVerify: true }, { name: 'admin', token });
  const core = config.makeApiClient(CoreV1Api);
  try {
    await vi.waitUntil(async () => {
      if (programs.some(({ exitCode }) => exitCode !== null)) throw new Error('it has ended');
      return core.readNamespace({ name: 'default' }).then(
        () => true,
        () => false,
      );
    }, PATIENCE);
  } catch (error) {
    await stop();
    throw new Error(`The API server does not answer (${error}):\n${readFileSync(log, 'utf8').slice(-4000)}`);
  }
  const startControllers = () => {
    const kubeconfig = path.join(folder, 'kubeconfig');
    writeFileSync(kubeconfig, config.exportConfig());
    start('kube-controller-manager', {
      ...{ kubeconfig, 'leader-elect': 'false', 'service-account-private-key-file': key },
      ...{ 'bind-address': '127.0.0.1', 'secure-port': '0' },
      // No node tells that it is well.
      controllers: '*,-node-lifecycle-controller,-taint-eviction-controller,-node-ipam-controller',
    });
  };
  const helm = ['--kube-apiserver', server, '--kube-token', token, '--kube-insecure-skip-tls-verify'];
  // What it makes for itself without a certificate: its own first, then the CA's.
  const ca = readFileSync(path.join(folder, 'apiserver.crt'), 'utf8');
  return { config, endpoint: `127.0.0.1:${port}`, ca, token, helm, startControllers, stop };
}
