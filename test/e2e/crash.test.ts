import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, describe, expect, test } from 'vitest';
import { Machine, type RunningPlatform } from './machine';

const INVOCATIONS = 200;
const CODE = 'import time\ndef main(args):\n    time.sleep(0.05)\n    return {"n": args["n"]}\n';

const machine = new Machine();
afterAll(() => machine.close());

function request(platform: RunningPlatform, path: string, method: string, body?: object): Promise<Response> {
  const { authorization } = platform;
  return fetch(`${platform.file.apihost}/api/v1/namespaces/_/${path}`, {
    method,
    headers: { authorization, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
}

/** Processes whose command line or environment names the machine's folder: sandboxes, storage, the platform itself. */
function processesOf(folder: string): string[] {
  const mentions = (pid: string, file: string): boolean => {
    try {
      return readFileSync(`/proc/${pid}/${file}`, 'latin1').includes(folder);
    } catch {
      return false; // gone meanwhile
    }
  };
  return readdirSync('/proc').filter(
    (pid) => /^\d+$/.test(pid) && ['cmdline', 'environ'].some((file) => mentions(pid, file)),
  );
}

async function until<T>(what: string, probe: () => Promise<T | undefined>): Promise<T> {
  for (const deadline = Date.now() + 90_000; Date.now() < deadline; await sleep(100)) {
    const value = await probe();
    if (value !== undefined) return value;
  }
  throw new Error(`never: ${what}`);
}

describe('a platform killed in the middle of its work', () => {
  test.runIf(process.platform === 'linux').each(['auto', 'process'])(
    'runs every accepted invocation after a restart, and leaves no process of the old run (sandbox: %s)',
    async (sandbox) => {
      const first = await machine.startPlatform('--sandbox', sandbox);
      const created = await request(first, 'actions/slow?overwrite=true', 'PUT', {
        exec: { kind: 'python:default', code: CODE },
      });
      expect(created.status).toBe(200);
      const ids = await Promise.all(
        Array.from({ length: INVOCATIONS }, async (_, n) => {
          const answer = await request(first, 'actions/slow', 'POST', { n });
          expect(answer.status).toBe(202);
          return ((await answer.json()) as { activationId: string }).activationId;
        }),
      );
      const closed = once(first.child, 'close');
      first.child.kill('SIGKILL');
      await closed;
      const old = processesOf(machine.folder);

      const second = await machine.startPlatform('--sandbox', sandbox);
      const results = await Promise.all(
        ids.map((id) =>
          until(`activation ${id}`, async () => {
            const answer = await request(second, `activations/${id}`, 'GET');
            return answer.status === 200
              ? ((await answer.json()) as { response: { result: { n: number } } })
              : undefined;
          }),
        ),
      );
      expect(results.map((record) => record.response.result.n)).toEqual(
        Array.from({ length: INVOCATIONS }, (_, n) => n),
      );
      const alive = new Set(processesOf(machine.folder));
      expect(old.filter((pid) => alive.has(pid))).toEqual([]);

      second.child.kill('SIGTERM');
      await once(second.child, 'close');
      expect(processesOf(machine.folder)).toEqual([]);
    },
  );
});
