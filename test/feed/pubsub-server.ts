/** A Pub/Sub server that speaks the real protocol: `pubsub-server/`, built by Go, where that is present. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { BUILD_DIR } from '../../infra/packaging';

const SOURCES = path.join(__dirname, 'pubsub-server');
const BINARY = path.join(BUILD_DIR, 'test', 'pubsub-server');

/** Builds it. @returns why it cannot be had here; undefined when it can */
export function buildPubSubServer(): string | undefined {
  mkdirSync(path.dirname(BINARY), { recursive: true });
  try {
    execFileSync('go', ['build', '-o', BINARY, '.'], {
      cwd: SOURCES,
      env: { ...process.env, GOFLAGS: '-mod=readonly', GOTOOLCHAIN: 'local' },
      stdio: ['ignore', 'ignore', 'pipe'],
      timeout: 600_000,
    });
    return undefined;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return 'no go on the PATH';
    const words = error instanceof Error && 'stderr' in error ? String(error.stderr).trim() : String(error);
    return `go cannot build the server: ${words.split('\n').at(-1)}`;
  }
}

export interface PubSubServer {
  /** HOST:PORT, for PUBSUB_EMULATOR_HOST. */
  readonly address: string;
  stop(): Promise<void>;
}

export async function startPubSubServer(): Promise<PubSubServer> {
  const child: ChildProcess = spawn(BINARY, { stdio: ['pipe', 'pipe', 'inherit'] });
  if (child.stdout === null || child.stdin === null) throw new Error('no pipes');
  const [address] = (await once(createInterface(child.stdout), 'line')) as [string];
  return {
    address,
    stop: async () => {
      const ended = once(child, 'close');
      child.stdin?.end();
      await ended;
    },
  };
}
