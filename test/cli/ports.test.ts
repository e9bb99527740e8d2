import { createServer } from 'node:net';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { portOf } from '../../ground/free-port';
import { choosePorts } from '../../platform/composition/ports';
import { requirePorts } from '../../platform/composition/ports-in-use';
import { Machine, type RunningPlatform } from '../e2e/machine';
import { Cli } from './pdfmagic';

/** Ports that another platform has, or another program. */
const machine = new Machine();
let running: RunningPlatform;
let [port, storagePort] = [0, 0];
beforeAll(async () => {
  running = await machine.startPlatform();
  port = Number(new URL(running.file.apihost).port);
  storagePort = Number(new URL(running.file.storageEndpoint).port);
});
afterAll(() => machine.close());

/** What a second platform says, in a data folder of its own. */
async function start(...args: string[]) {
  const cli = new Cli(path.join(machine.folder, 'user'));
  const { code, stdout, stderr } = await cli.run('platform', '--data', 'data', ...args);
  expect(code).toBe(1);
  expect(stdout).not.toContain('ready');
  return stderr;
}

const owner =
  process.platform === 'linux'
    ? () => `the local platform of ${machine.dataDir} (process ${running.child.pid})`
    : () => 'another program';

test('the storage’s port, which nobody named: both ports, the option for it, and whose it is', async () => {
  const stderr = await start('--port', `${storagePort - 1}`);
  expect(stderr).toContain(`Port ${storagePort} for the storage emulator (--storage-port) is in use by ${owner()}.`);
  expect(stderr).toMatch(new RegExp(`--port ${storagePort - 1} --storage-port (?!${storagePort}\\b)\\d+\n`));
});
test('OpenWhisk’s port', async () => {
  const stderr = await start('--port', `${port}`, '--storage-port', `${storagePort - 1}`);
  expect(stderr).toContain(`Port ${port} for OpenWhisk (--port) is in use by ${owner()}.`);
  expect(stderr).toMatch(new RegExp(`--port (?!${port}\\b)\\d+ --storage-port ${storagePort - 1}\n`));
});
test('both, each for the other', async () => {
  const stderr = await start('--port', `${storagePort}`, '--storage-port', `${port}`);
  for (const words of [`Port ${storagePort} for OpenWhisk`, `Port ${port} for the storage`])
    expect(stderr).toContain(words);
});
test('the ports that are proposed are free, and differ', async () => {
  const words = await start('--port', `${port}`, '--storage-port', `${storagePort}`);
  const [, ...proposed] = /--port (\d+) --storage-port (\d+)/.exec(words) ?? [];
  expect(new Set(proposed).size).toBe(2);
  const [first = 0, second = 0] = proposed.map(Number);
  await requirePorts({ host: '127.0.0.1', port: first }, { host: '127.0.0.1', port: second });
});
test('that of another program', async () => {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    const stderr = await start('--port', `${portOf(server)}`, '--storage-port', `${storagePort - 1}`);
    expect(stderr).toMatch(
      new RegExp(`Port ${portOf(server)} for OpenWhisk \\(--port\\) is in use by (node|another program)`),
    );
  } finally {
    server.close();
  }
});
test('the last port has its neighbor below', () => {
  expect(choosePorts(path.join(machine.folder, 'none'), { port: 65_535, storagePort: undefined }).storagePort).toBe(
    65_534,
  );
});
