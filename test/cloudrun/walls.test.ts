/** What a shell in an instance of a service can do: no more than one in an action. */
import { mkdtempSync, readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { type Command, prepareCommand } from '../../platform/cloudrun/command';
import { startProcess } from '../../platform/cloudrun/process';
import type { SandboxSpec } from '../../sandbox/sandbox';
import { REFUSED } from '../invoker/attempts';
import { bubblewrapProblem } from '../invoker/harness';

const ATTEMPTS = readFileSync(path.join(__dirname, '../invoker/attempts.py'), 'utf8');
const ALL = `
import json
print(json.dumps({name: globals()[name]({}).get("got") for name in ${JSON.stringify(Object.keys(REFUSED))}}))
`;
const LOOK = `
import json
def outcome(function):
    try:
        return function() or "done"
    except OSError as error:
        return errno.errorcode[error.errno]
print(json.dumps({
    "user": os.getuid(),
    "status": status({})["got"],
    "seen": seen({})["got"],
    "written": [outcome(lambda: open(folder + "/written", "w").close()) for folder in ("/", "/usr", "/etc", "/action")],
    "remounted": call(165, 40, 0, b"/", 0, 32, 0)["got"],
    "temporary": os.listdir("/tmp"),
    "descriptors": [os.readlink("/proc/self/fd/" + name) for name in os.listdir("/proc/self/fd")[:-1]],
    "home": os.environ["HOME"],
    "variables": sorted(os.environ),
    "processes": len([name for name in os.listdir("/proc") if name.isdigit()]),
}))
`;

for (const kind of ['bubblewrap', 'process'] as const) {
  const problem = process.platform === 'linux' ? kind === 'bubblewrap' && bubblewrapProblem : 'only on Linux';
  describe.skipIf(problem)(`an instance by ${kind}${problem ? ` (skipped: ${problem})` : ''}`, () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'pdfmagic-cloudrun-walls-'));
    let command: Command;
    beforeAll(async () => {
      vi.stubEnv('PDFMAGIC_SANDBOX', kind);
      command = await prepareCommand(path.join(folder, 'cloudrun'), () => {});
      vi.unstubAllEnvs();
    }, 240_000);
    afterAll(() => rm(folder, { recursive: true }));

    /** Runs Python in place of the service. */
    async function inside(code: string): Promise<Record<string, unknown>> {
      const spec: SandboxSpec = command.makeSpec('127.0.0.1:1', { GIVEN: 'yes' });
      const sandbox = await command.factory.start({ ...spec, args: () => ['-c', ATTEMPTS + code] });
      sandbox.requests.end();
      sandbox.answers.resume();
      const [said, complaint] = await Promise.all([text(sandbox.stdout), text(sandbox.stderr), sandbox.ended]);
      expect(complaint).toBe('');
      return JSON.parse(said);
    }

    test('is refused all that an action is refused', async () => {
      expect(await inside(ALL)).toEqual(REFUSED);
    });

    test('has a user of its own, no privileges, and only its own streams', async () => {
      const { user, status, descriptors, variables } = await inside(LOOK);
      if (process.getuid?.() === 0) expect(user).toBeGreaterThanOrEqual(62_000);
      for (const set of ['CapInh', 'CapPrm', 'CapEff', 'CapBnd', 'CapAmb']) {
        if (set !== 'CapBnd' || process.getuid?.() === 0) expect(status).toMatch(new RegExp(`^${set}:\\s*0+$`, 'm'));
      }
      expect(status).toMatch(/^NoNewPrivs:\s*1$/m);
      expect((descriptors as string[]).filter((name) => !/^(pipe|socket):/.test(name))).toEqual([]);
      expect(variables).toEqual(expect.arrayContaining(['GIVEN', 'HOME', 'PATH']));
      expect(variables).not.toContain('PDFMAGIC_SANDBOX');
    });

    if (kind === 'bubblewrap') {
      test('writes nothing but its own /tmp, and sees neither users nor the host’s sockets and processes', async () => {
        const { seen, written, remounted, temporary, processes } = await inside(LOOK);
        expect(written).toEqual(['EROFS', 'EROFS', 'EROFS', 'EROFS']);
        expect(remounted).toBe('EPERM');
        expect(seen).toEqual([]);
        // A checkout below /tmp is seen there, and nothing else of it.
        const shown = command.makeSpec('127.0.0.1:1', {}).shown ?? [];
        const below = shown.flatMap((name) => /^\/tmp\/([^/]+)/.exec(name)?.[1] ?? []);
        expect(temporary).toEqual([...new Set(below)]);
        expect(processes).toBe(2);
      });
    }

    test('is ended when it holds more memory than it may, files in its /tmp included', async () => {
      const hoard = (code: string): Command => ({
        ...command,
        makeSpec: (...given) => ({
          ...command.makeSpec(...given),
          args: () => ['-c', `import time\n${code}\ntime.sleep(60)`],
        }),
      });
      const limit = 64 * 1024 * 1024;
      const heap = startProcess(hoard('x = bytearray(200_000_000)'), {}, () => {}, limit);
      await expect(heap).rejects.toThrow(/Memory limit of 64 MiB exceeded with \d+ MiB used/);
      if (kind === 'process') return;
      const files = startProcess(hoard('open("/tmp/x", "wb").write(bytes(100_000_000))'), {}, () => {}, limit);
      await expect(files).rejects.toThrow(/Memory limit of 64 MiB exceeded/);
    });
  });
}
