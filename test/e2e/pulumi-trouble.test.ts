/** What the real engine does to each kind of resource when somebody forces it, kills it, or takes the platform's data away. */
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Leftovers } from '../../cli/torture/leftovers';
import { KILLS, randomFrom, SEED } from './every-kind/moments';
import { configFor, EVERYTHING, KINDS, makeProject, whatIsThere } from './every-kind/stage';
import { Machine, type RunningPlatform } from './machine';
import { unless } from './on-path';
import { PULUMI_PRESENT, PulumiCli } from './pulumi-cli';

const machine = new Machine();
/** What a killed CLI leaves: its plugins, which work on for a while and do not end by themselves. */
const orphans = new Leftovers();
let platform: RunningPlatform;
let pulumi: PulumiCli;

/** With the stack and the component. */
const ALL = KINDS + 2;
const unchanged = `${ALL} unchanged`;

async function configure(): Promise<void> {
  for (const [key, value] of Object.entries(configFor(platform))) await pulumi.run('config', 'set', key, value);
}

/** URNs of all resources of a provider. */
async function urns(): Promise<string[]> {
  const { deployment } = JSON.parse(await pulumi.run('stack', 'export')) as {
    deployment: { resources: { urn: string; custom: boolean }[] };
  };
  return deployment.resources
    .filter(({ urn, custom }) => custom && !urn.includes('pulumi:providers'))
    .map(({ urn }) => urn);
}

/** Kills the CLI at a random moment of what it does. @returns what it had printed */
async function killed(operation: 'up' | 'destroy', random: () => number): Promise<string> {
  const child = pulumi.start(operation, '--yes', '--skip-preview');
  const step = Math.floor(random() * (KINDS + 1));
  const delay = random() * 500;
  let output = '';
  child.stdout?.on('data', (chunk: Buffer) => {
    output += chunk.toString();
  });
  const steps = () => output.match(/ (creating|deleting)/g)?.length ?? 0;
  const closed = once(child, 'close');
  while (child.exitCode === null && steps() < step) await sleep(10);
  await sleep(delay);
  if (child.pid !== undefined) orphans.remember(child.pid);
  child.kill('SIGKILL');
  await closed;
  return output;
}

describe.runIf(PULUMI_PRESENT)(`the real Pulumi CLI${unless(PULUMI_PRESENT, 'pulumi')}`, () => {
  beforeAll(async () => {
    platform = await machine.startPlatform();
    pulumi = new PulumiCli(makeProject(machine.folder), machine.folder, 'trouble');
    await pulumi.run('stack', 'init');
    await configure();
    expect(await pulumi.up()).toContain(`+ ${ALL} created`);
    expect(await whatIsThere(platform)).toEqual(EVERYTHING);
  }, 600_000);

  test('replaces each kind that is tainted, and finds nothing to do afterwards', async () => {
    const all = await urns();
    expect(all).toHaveLength(KINDS);
    await pulumi.run('state', 'taint', '--yes', ...all);
    expect(await pulumi.up()).toContain(`+-${KINDS} replaced`);
    expect(await whatIsThere(platform)).toEqual(EVERYTHING);
    expect(await pulumi.up()).toContain(unchanged);
  }, 600_000);

  test('replaces a package by force, with all that is in it or needs that', async () => {
    const [tools] = (await urns()).filter((urn) => urn.endsWith('Package::tools'));
    expect(await pulumi.up('--replace', tools ?? '')).toMatch(/\+-6 replaced/);
    expect(await whatIsThere(platform)).toEqual(EVERYTHING);
    expect(await pulumi.up()).toContain(unchanged);
  }, 600_000);

  test(
    `goes on after each of ${KILLS} kills at random moments (PDFMAGIC_SEED=${SEED}), and then finds nothing to do`,
    async () => {
      const random = randomFrom(SEED);
      for (let kill = 1; kill <= KILLS; kill++) {
        const operation = random() < 0.5 ? 'up' : 'destroy';
        if (operation === 'up') await pulumi.run('destroy', '--yes', '--skip-preview');
        const output = await killed(operation, random);
        const told = `kill ${kill} of ${KILLS}, in ${operation}, seed ${SEED}\n${output}`;
        console.log(told.split('\n')[0], `after ${output.match(/ (created|deleted) /g)?.length ?? 0} steps`);
        // The lock of a killed run is the engine's to clear.
        await pulumi.run('cancel', '--yes');
        await pulumi.up();
        expect(await whatIsThere(platform), told).toEqual(EVERYTHING);
        expect(await pulumi.up(), told).toContain(unchanged);
      }
    },
    300_000 * (KILLS + 1),
  );

  test('still refuses what another stack, or nobody, has made', async () => {
    const other = new PulumiCli(path.join(machine.folder, 'every-kind'), machine.folder, 'other');
    await other.run('stack', 'init');
    for (const [key, value] of Object.entries(configFor(platform))) await other.run('config', 'set', key, value);
    await expect(other.up()).rejects.toMatchObject({
      stdout: expect.stringContaining('already exists and was not created'),
    });
    expect(await pulumi.up()).toContain(unchanged);
  }, 600_000);

  test('brings the stack back onto a platform whose data folder was deleted, or ends it', async () => {
    const anew = async () => {
      platform.child.kill('SIGTERM');
      await once(platform.child, 'close');
      rmSync(machine.dataDir, { recursive: true });
      platform = await machine.startPlatform();
    };
    await anew();
    expect(await pulumi.run('refresh', '--yes', '--skip-preview')).toMatch(
      /its data folder was deleted[\s\S]*- 10 deleted/,
    );
    await configure();
    await pulumi.up();
    expect(await whatIsThere(platform)).toEqual(EVERYTHING);
    await anew();
    await configure();
    await pulumi.up();
    expect(await whatIsThere(platform)).toEqual(EVERYTHING);
    expect(await pulumi.up()).toContain(unchanged);
    await anew();
    expect(await pulumi.run('destroy', '--yes', '--skip-preview')).toContain(`- ${ALL} deleted`);
  }, 900_000);
});

afterAll(async () => {
  for (const pid of orphans.findRemembered()) process.kill(pid, 'SIGKILL');
  await machine.close();
});
