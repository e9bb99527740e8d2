/** What the runner of this machine does to each kind of resource when it is forced or killed, or the platform's data is gone. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { REGISTER } from '../compiled';
import { KILLS, randomFrom, SEED } from './every-kind/moments';
import { configFor, EVERYTHING, KINDS, makeProject, whatIsThere } from './every-kind/stage';
import { Machine, ROOT, type RunningPlatform } from './machine';

const machine = new Machine();
let platform: RunningPlatform;
let projectDir: string;

/** Starts a run in a process group of its own, which a kill ends as a whole. */
function start(operation: 'up' | 'refresh' | 'destroy', more: object = {}): ChildProcess {
  const options = {
    ...{ projectDir, program: 'index.js', project: 'every-kind', stack: 'trouble', adoptInput: 'adopt' },
    ...{ stateDir: path.join(machine.folder, 'state'), config: configFor(platform), ...more },
  };
  const script = path.join(__dirname, 'every-kind', 'runner.ts');
  return spawn(process.execPath, ['--require', REGISTER, script, operation, JSON.stringify(options)], {
    cwd: ROOT,
    detached: true,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
}

/** Runs to the end. @returns what was printed; the last line counts the changes */
async function run(operation: 'up' | 'refresh' | 'destroy', more: object = {}): Promise<string> {
  const child = start(operation, more);
  const [output] = await Promise.all([printed(child), once(child, 'close')]);
  expect(child.exitCode, output).toBe(0);
  return output;
}

async function printed(child: ChildProcess): Promise<string> {
  let output = '';
  for await (const chunk of child.stdout ?? []) output += String(chunk);
  return output;
}

/** Kills all of a run at a random moment of what it does. @returns how many steps had begun */
async function killed(operation: 'up' | 'destroy', random: () => number): Promise<number> {
  const child = start(operation);
  const step = Math.floor(random() * (KINDS + 1));
  const delay = random() * 100;
  let output = '';
  child.stdout?.on('data', (chunk: Buffer) => {
    output += chunk.toString();
  });
  const steps = () => output.match(/ is being /g)?.length ?? 0;
  const closed = once(child, 'close');
  while (child.exitCode === null && steps() < step) await sleep(2);
  await sleep(delay);
  if (child.pid !== undefined && child.exitCode === null) process.kill(-child.pid, 'SIGKILL');
  await closed;
  return steps();
}

const unchanged = `{"same":${KINDS}}`;

describe('the runner of this machine', () => {
  beforeAll(async () => {
    platform = await machine.startPlatform();
    projectDir = makeProject(machine.folder);
    expect(await run('up')).toContain(`{"create":${KINDS}}`);
    expect(await whatIsThere(platform)).toEqual(EVERYTHING);
  }, 120_000);

  test('replaces each kind by force, with what needs it, and finds nothing to do afterwards', async () => {
    for (const replace of [['tools'], ['files'], ['inbox', 'key', 'get', 'rule-one', 'two'], ['feed', 'one', 'post']]) {
      const output = await run('up', { replace });
      for (const name of replace) expect(output).toMatch(new RegExp(`± \\S+ ${name} replaced`));
      expect(await whatIsThere(platform)).toEqual(EVERYTHING);
      expect(await run('up')).toContain(unchanged);
    }
  }, 240_000);

  test('has nothing of a name that it is to replace, and says so', async () => {
    await expect(run('up', { replace: ['toools'] })).rejects.toThrow(/there is no resource toools to replace/);
  });

  test(
    `goes on after each of ${KILLS} kills at random moments (PDFMAGIC_SEED=${SEED}), and then finds nothing to do`,
    async () => {
      const random = randomFrom(SEED);
      for (let kill = 1; kill <= KILLS; kill++) {
        const operation = random() < 0.5 ? 'up' : 'destroy';
        if (operation === 'up') await run('destroy');
        const steps = await killed(operation, random);
        const told = `kill ${kill} of ${KILLS}, in ${operation} after ${steps} steps, seed ${SEED}`;
        console.log(told);
        await run('up');
        expect(await whatIsThere(platform), told).toEqual(EVERYTHING);
        expect(await run('up'), told).toContain(unchanged);
      }
    },
    60_000 * (KILLS + 1),
  );

  test('brings the stack back onto a platform whose data folder was deleted, or ends it', async () => {
    const anew = async () => {
      platform.child.kill('SIGTERM');
      await once(platform.child, 'close');
      rmSync(machine.dataDir, { recursive: true });
      platform = await machine.startPlatform();
    };
    await anew();
    expect(await run('refresh')).toMatch(/its data folder was deleted[\s\S]*"gone":10/);
    await run('up');
    expect(await whatIsThere(platform)).toEqual(EVERYTHING);
    await anew();
    await run('up');
    expect(await whatIsThere(platform)).toEqual(EVERYTHING);
    expect(await run('up')).toContain(unchanged);
    await anew();
    expect(await run('destroy')).toContain(`{"delete":${KINDS}}`);
  }, 240_000);
});

afterAll(() => machine.close());
