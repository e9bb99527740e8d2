/** What was answered with 202 runs, also when the process is killed right after. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, describe, expect, test } from 'vitest';
import { REGISTER } from '../compiled';
import { Client, Laboratory, newDataDir } from './laboratory';

const directories: string[] = [];
const children: ChildProcess[] = [];

function dataDirectory(): string {
  const directory = newDataDir();
  directories.push(directory);
  return directory;
}

/** A server that ends nothing, in a process of its own. */
async function startDoomed(dataDir: string): Promise<{ client: Client; kill(): Promise<void> }> {
  const script = path.join(__dirname, 'accepting-server.ts');
  const child = spawn(process.execPath, ['--require', REGISTER, script, dataDir], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  children.push(child);
  const [url] = (await once(createInterface({ input: child.stdout }), 'line')) as [string];
  return {
    client: new Client(url),
    async kill() {
      const gone = once(child, 'exit');
      child.kill('SIGKILL');
      await gone;
    },
  };
}

afterEach(() => {
  for (const child of children.splice(0)) if (child.exitCode === null) child.kill('SIGKILL');
  for (const directory of directories.splice(0)) rmSync(directory, { recursive: true, force: true });
});

describe('after kill -9 and a new start', () => {
  test('200 accepted invocations, a fired trigger and a blocking call that got 202 all have their records', async () => {
    const dataDir = dataDirectory();
    const { client, kill } = await startDoomed(dataDir);
    await client.action('e', 'echo');
    await client.action('f', 'echo');
    await client.send('PUT', 'triggers/t', {});
    for (const name of ['e', 'f'])
      await client.send('PUT', `rules/r${name}`, { trigger: '/_/t', action: `/_/${name}` });

    const answers = await Promise.all(
      Array.from({ length: 200 }, (_, n) => client.send('POST', 'actions/e', { n, filling: 'x'.repeat(5000) })),
    );
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 202));
    const fired = await client.send('POST', 'triggers/t', { fired: true });
    const blocking = await client.send('POST', 'actions/e?blocking=true&timeout=50', { n: 'blocking' });
    expect([fired.status, blocking.status]).toEqual([202, 202]);
    await kill();

    const second = await Laboratory.open({ dataDir });
    try {
      expect(second.server.recovered).toBe(203);
      const records = await Promise.all([...answers, blocking].map((answer) => second.record(Client.id(answer))));
      expect(records.map(({ response }) => response)).toEqual(
        [...answers.keys(), 'blocking'].map((n) =>
          expect.objectContaining({ success: true, result: expect.objectContaining({ n }) }),
        ),
      );
      const { logs } = (await second.record(Client.id(fired))) as { logs: string[] };
      const ran = logs.map((line) => (JSON.parse(line) as { activationId: string }).activationId);
      expect(ran).toHaveLength(2);
      for (const id of ran) {
        expect((await second.record(id)).response).toMatchObject({ success: true, result: { fired: true } });
      }
    } finally {
      await second.stop();
    }

    const third = await Laboratory.open({ dataDir });
    expect(third.server.recovered, 'nothing runs again').toBe(0);
    await third.stop();
  });

  test('an invocation runs the code it was accepted for, though its action was changed and deleted since', async () => {
    const dataDir = dataDirectory();
    const { client, kill } = await startDoomed(dataDir);
    await client.action('old', '() => ({ version: "first" })');
    const accepted = await client.send('POST', 'actions/old', {});
    await client.action('old', '() => ({ version: "second" })');
    await client.send('DELETE', 'actions/old');
    await kill();

    const second = await Laboratory.open({ dataDir });
    const record = await second.record(Client.id(accepted));
    expect(record.response).toMatchObject({ result: { version: 'first' } });
    await second.stop();
  });

  test('entities, API documents and records are as they were', async () => {
    const dataDir = dataDirectory();
    const first = await Laboratory.open({ dataDir });
    await first.send('PUT', 'packages/p', { parameters: [{ key: 'a', value: 1 }] });
    await first.action('p/e', 'echo');
    const ran = await first.send('POST', 'actions/p/e?blocking=true', {});
    const before = await first.send('GET', 'actions/p/e');
    await first.stop();

    const second = await Laboratory.open({ dataDir });
    expect((await second.send('GET', 'actions/p/e')).json).toEqual(before.json);
    expect((await second.record(Client.id(ran))).response).toMatchObject({ result: { a: 1 } });
    await second.stop();
  });
});

describe('when the platform stops', () => {
  test('a blocking call under way gets 202, and its invocation runs at the next start', async () => {
    const dataDir = dataDirectory();
    const first = await Laboratory.open({ dataDir });
    await first.action('w', 'wait');
    const under = first.send('POST', 'actions/w?blocking=true', { n: 1 });
    await expect.poll(() => first.invoker.waiting).toBe(1);
    await first.server.stop();
    const answer = await under;
    expect(answer.status).toBe(202);
    await first.invoker.stop();

    const second = await Laboratory.open({ dataDir });
    await expect.poll(() => second.invoker.waiting).toBe(1);
    second.invoker.release();
    expect((await second.record(Client.id(answer))).response).toMatchObject({ result: { n: 1 } });
    await second.stop();
  });
});
