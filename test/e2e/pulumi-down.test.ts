/** What the real Pulumi says of a stack whose platform is not there: once at length, what to do, and no stack trace. */
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Machine, ROOT } from './machine';
import { unless } from './on-path';
import { PULUMI_PRESENT, PulumiCli } from './pulumi-cli';

describe.runIf(PULUMI_PRESENT)(`a stack whose platform is stopped${unless(PULUMI_PRESENT, 'pulumi')}`, () => {
  const machine = new Machine();
  const stack = `down-${process.pid}`;
  const pulumi = new PulumiCli(ROOT, machine.folder, stack);

  beforeAll(async () => {
    const platform = await machine.startPlatform();
    await pulumi.run('stack', 'init');
    await pulumi.run('config', 'set', 'student', 'down');
    await pulumi.run('config', 'set', 'platformDir', machine.dataDir);
    await pulumi.up();
    platform.child.kill('SIGTERM');
    await once(platform.child, 'close');
  }, 400_000);
  afterAll(async () => {
    rmSync(path.join(ROOT, `Pulumi.${stack}.yaml`), { force: true });
    await machine.close();
  });

  /** The part of the output that is for people to read afterwards; above it goes the progress. */
  async function diagnosticsOf(...args: string[]): Promise<string> {
    const failure: unknown = await pulumi.run(...args).catch((error: unknown) => error);
    const said = failure instanceof Error && 'stdout' in failure ? String(failure.stdout) : '';
    const diagnostics = /^Diagnostics:$.*?(?=^(?:Outputs|Resources):$)/ms.exec(said)?.[0];
    if (diagnostics === undefined) throw new Error(`pulumi ${args.join(' ')} said:\n${said}`);
    return diagnostics;
  }

  test.each(['refresh', 'destroy'])(
    '%s says so once, with the command that starts it',
    async (command) => {
      const diagnostics = await diagnosticsOf(command, '--yes', '--skip-preview');
      expect(diagnostics).not.toMatch(/^\s+at .*:\d+/m);
      expect(diagnostics.match(/Nothing answers at/g)).toHaveLength(1);
      expect(diagnostics).toContain(`npm run platform -- --data '${machine.dataDir}'`);
    },
    200_000,
  );

  test('up says that it is not running, not that it never was', async () => {
    const diagnostics = await diagnosticsOf('up', '--yes', '--skip-preview');
    expect(diagnostics.match(/The local platform of .* is not running/g)).toHaveLength(1);
    expect(diagnostics).toContain(`npm run platform -- --data '${machine.dataDir}'`);
  }, 200_000);
});
