/** A container registry on a loopback port of its own: Debian's `docker-registry`. */
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** Whether it is installed. */
export function hasRegistry(): boolean {
  return spawnSync('docker-registry', ['--version']).status === 0;
}

/** Starts one; resolves when it answers. */
export async function startRegistry(): Promise<{ host: string; stop(): void }> {
  const folder = mkdtempSync(path.join(tmpdir(), 'pdfmagic-registry-'));
  const host = `127.0.0.1:${await freePort()}`;
  const config = path.join(folder, 'config.yml');
  const storage = `storage: {filesystem: {rootdirectory: ${JSON.stringify(folder)}}}`;
  writeFileSync(config, `version: 0.1\n${storage}\nhttp: {addr: "${host}"}\n`);
  const child = spawn('docker-registry', ['serve', config], { stdio: 'ignore' });
  const stop = () => {
    child.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  };
  for (let tries = 0; tries < 200; tries++) {
    const answers = await fetch(`http://${host}/v2/`).then(
      ({ ok }) => ok,
      () => false,
    );
    if (answers) return { host, stop };
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  stop();
  throw new Error('docker-registry does not answer');
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
