/** A container registry on a loopback port of its own: Debian's `docker-registry`, and what it was asked to store. */
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';

export interface Registry {
  /** `127.0.0.1:PORT`, which an engine takes without TLS. */
  readonly host: string;
  /** The tags of a repository, sorted. */
  tags(repository: string): Promise<string[]>;
  /** What it was asked to store since the last time, e.g. `PUT /v2/pdfmagic/action-python/manifests/TAG`. */
  stored(): string[];
  stop(): void;
}

/** Whether it is installed. */
export function hasRegistry(): boolean {
  return spawnSync('docker-registry', ['--version'], { stdio: 'ignore' }).status === 0;
}

/** Starts one; resolves when it answers. */
export async function startRegistry(): Promise<Registry> {
  const folder = mkdtempSync(path.join(tmpdir(), 'pdfmagic-registry-'));
  const host = `127.0.0.1:${await freePort()}`;
  const config = path.join(folder, 'config.yml');
  const storage = `storage: {filesystem: {rootdirectory: ${JSON.stringify(folder)}}}`;
  writeFileSync(config, `version: 0.1\n${storage}\nhttp: {addr: "${host}"}\n`);
  const child = spawn('docker-registry', ['serve', config], { stdio: ['ignore', 'pipe', 'ignore'] });
  const stored: string[] = [];
  // Its log of requests, in the Combined Log Format.
  createInterface(child.stdout).on('line', (line) => {
    const request = /"((?:PUT|POST|PATCH) \S+) HTTP/.exec(line)?.[1];
    if (request !== undefined) stored.push(request);
  });
  const stop = () => {
    child.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  };
  for (let tries = 0; tries < 200; tries++) {
    const answers = await fetch(`http://${host}/v2/`).then(
      ({ ok }) => ok,
      () => false,
    );
    if (answers) return { host, tags: (repository) => tags(host, repository), stored: () => stored.splice(0), stop };
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  stop();
  throw new Error('docker-registry does not answer');
}

async function tags(host: string, repository: string): Promise<string[]> {
  const response = await fetch(`http://${host}/v2/${repository}/tags/list`);
  const list = (await response.json()) as { readonly tags: string[] | null };
  return [...(list.tags ?? [])].sort();
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().on('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}
