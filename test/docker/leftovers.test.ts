/** Containers end with the platform, also with one that was killed; and one that is taken away does no harm. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { DockerRuntime } from '../../platform/invoker/docker';
import { REGISTER } from '../compiled';
import { Bench } from '../invoker/harness';
import { containers, labelOf, testRuntime } from './bench';
import { docker, whyNot } from './engine';

const reason = whyNot();
const MINUTES = 60_000;

describe.skipIf(reason !== undefined)(
  `no container is left${reason === undefined ? '' : ` (skipped: ${reason})`}`,
  () => {
    let runtime: DockerRuntime;
    let bench: Bench;
    beforeAll(async () => {
      runtime = await testRuntime();
      bench = new Bench({ docker: runtime });
      await bench.start();
    }, 15 * MINUTES);
    afterAll(() => bench?.stop());

    test('when the invoker stops, while one runs and one is warm', async () => {
      const other = new Bench({ docker: runtime });
      await other.start();
      const label = labelOf(other);
      await other.python('def main(a):\n    return {}\n', { name: '/guest/left-warm' });
      const code = 'import time\ndef main(a):\n    time.sleep(60)\n';
      const running = other.python(code, { name: '/guest/left-running' }).catch(() => 'rejected');
      await expect.poll(() => containers(label, 'left-running').length, { timeout: 30_000 }).toBe(1);
      await other.stop();
      expect(await running).toBe('rejected');
      expect([...containers(label, 'left-warm'), ...containers(label, 'left-running')]).toEqual([]);
    });

    test('after a kill -9, once the platform is started again, with Docker or without', async () => {
      const killed = new Bench({});
      const script = path.join(__dirname, 'killed-platform.ts');
      const child = spawn(process.execPath, ['--require', REGISTER, script, killed.dataDir, JSON.stringify(runtime)], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      const [pid] = (await once(child.stdout, 'data')) as [Buffer];
      const label = labelOf(killed);
      await expect.poll(() => containers(label, 'orphan').length, { timeout: 30_000 }).toBe(1);
      process.kill(Number(pid.toString()), 'SIGKILL');
      await once(child, 'exit');
      expect(containers(label, 'orphan').length).toBe(1);
      await killed.start();
      expect(containers(label, 'orphan')).toEqual([]);
      expect(killed.messages.join('\n')).toContain('Ended 1 sandbox(es)');
      await killed.stop();
    });

    test('a container that somebody removes ends its run, and the next one gets a new one', async () => {
      const name = '/guest/removed';
      const code = 'import time\ndef main(a):\n    time.sleep(a["seconds"])\n    return {"ok": True}\n';
      expect((await bench.python(code, { name, parameters: { seconds: 0 } })).result).toEqual({ ok: true });
      const running = bench.python(code, { name, parameters: { seconds: 60 } });
      docker('rm', '--force', ...containers(labelOf(bench), 'removed'));
      expect((await running).statusCode).toBe(2);
      expect((await bench.python(code, { name, parameters: { seconds: 0 } })).result).toEqual({ ok: true });
    });
  },
);
