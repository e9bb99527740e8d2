import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { findRuntimes } from '../../platform/invoker/runtimes/catalogue';
import { trialsOf } from '../../platform/invoker/sandboxes/launching';
import { stage } from '../../platform/invoker/sandboxes/staging';
import { chooseSandbox } from '../../sandbox/choose';
import { ProcessRecords } from '../../sandbox/processes/records';
import { Bench, bubblewrapProblem } from './harness';

const HELLO = 'def main(args):\n    return {"ok": True}\n';

afterEach(() => {
  vi.unstubAllEnvs();
});

describe('the kind of sandbox', () => {
  it.skipIf(bubblewrapProblem)('is bubblewrap where that works, and then there is no warning', async () => {
    vi.stubEnv('PDFMAGIC_SANDBOX', '');
    const bench = new Bench({});
    const { sandbox } = await bench.start();
    expect(sandbox).toEqual({ kind: 'bubblewrap' });
    await bench.stop();
  });

  it('is plain processes when PDFMAGIC_SANDBOX says so, with a warning in one line', async () => {
    vi.stubEnv('PDFMAGIC_SANDBOX', 'process');
    const bench = new Bench({});
    const { sandbox } = await bench.start();
    expect(sandbox.kind).toBe('process');
    expect(sandbox.warning).toMatch(/^.*plain processes.*$/);
    expect((await bench.python(HELLO)).result).toEqual({ ok: true });
    await bench.stop();
  });

  it('is refused by name when PDFMAGIC_SANDBOX is something else', async () => {
    vi.stubEnv('PDFMAGIC_SANDBOX', 'docker');
    const bench = new Bench({});
    await expect(bench.start()).rejects.toThrow(/PDFMAGIC_SANDBOX is 'docker'.*auto, bubblewrap, process/);
    await bench.stop();
  });

  it.skipIf(process.platform !== 'linux')(
    'is plain processes when bwrap is there and cannot work; the warning tells why',
    async () => {
      const folder = mkdtempSync(path.join(tmpdir(), 'pdfmagic-choose-test-'));
      const bwrap = path.join(folder, 'bwrap');
      const refuses = 'echo "bwrap: No permissions to create new namespace" >&2\necho "see the manual" >&2\nexit 1\n';
      writeFileSync(bwrap, `#!/bin/sh\n[ "$1" = --help ] && exit 0\n${refuses}`, { mode: 0o755 });
      const { runtimes } = await findRuntimes();
      const staged = await stage(folder, runtimes);
      const parts = [trialsOf(runtimes, staged), staged, new ProcessRecords(folder)] as const;

      const factory = await chooseSandbox('auto', ...parts, bwrap);
      expect(factory.kind).toBe('process');
      expect(factory.warning).toMatch(/^No bubblewrap sandbox here: .*No permissions to create new namespace.*$/);
      const missing = await chooseSandbox('auto', ...parts, path.join(folder, 'missing'));
      expect(missing.warning).toMatch(/^No bubblewrap sandbox here: .*ENOENT.*$/);
      const asked = chooseSandbox('bubblewrap', ...parts, bwrap);
      await expect(asked).rejects.toThrow(/bubblewrap was asked for, but .*No permissions/);
      rmSync(folder, { recursive: true });
    },
  );
});
