import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readlinkSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { open, type RootDatabase } from 'lmdb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { inBothKinds } from './harness';

const PYTHON = `import os
def main(args):
    seen = []
    for pid in [p for p in os.listdir("/proc") if p.isdigit()] + ["self"]:
        try:
            for fd in os.listdir("/proc/%s/fd" % pid):
                try:
                    seen.append("%s %s %s" % (pid, fd, os.readlink("/proc/%s/fd/%s" % (pid, fd))))
                except OSError:
                    pass
        except OSError:
            pass
    return {"seen": seen}
`;
const NODEJS = `const fs = require("fs");
function main() {
  const seen = [];
  for (const pid of [...fs.readdirSync("/proc").filter((p) => /^\\d+$/.test(p)), "self"]) {
    try {
      for (const fd of fs.readdirSync("/proc/" + pid + "/fd")) {
        try { seen.push(pid + " " + fd + " " + fs.readlinkSync("/proc/" + pid + "/fd/" + fd)); } catch {}
      }
    } catch {}
  }
  return { seen };
}`;

describe.skipIf(process.platform !== 'linux')('of the platform’s open files', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'pdfmagic-descriptors-'));
  let store: RootDatabase;
  let inherited: string[];

  // As platform/openwhisk/store opens it; a plain child of this process shows that the file is inherited indeed.
  beforeAll(async () => {
    store = open({ path: folder });
    const child = spawn('/bin/sleep', ['60']);
    await new Promise((resolve) => child.once('spawn', resolve));
    inherited = readdirSync(`/proc/${child.pid}/fd`).map((fd) => readlinkSync(`/proc/${child.pid}/fd/${fd}`));
    child.kill('SIGKILL');
  });
  afterAll(async () => {
    await store.close();
    rmSync(folder, { recursive: true });
  });

  it('one is inherited by any program that this process starts', () => {
    expect(inherited.some((name) => name.startsWith(folder))).toBe(true);
  });

  inBothKinds((bench, kind) => {
    for (const family of ['python', 'nodejs'] as const) {
      it(`none is open in any process that a ${family} action can look into`, async () => {
        const { result } = await bench[family](family === 'python' ? PYTHON : NODEJS);
        const all: string[] = JSON.parse(JSON.stringify(result)).seen;
        // The platform of an ordinary user lets its own processes look into it, unless they have namespaces.
        const seen = kind === 'process' ? all.filter((line) => !line.startsWith(`${process.pid} `)) : all;
        expect(seen.length).toBeGreaterThan(3);
        const own = seen.filter((line) => line.startsWith('self '));
        expect(
          own.filter((line) => !/^self \d+ (pipe|socket|anon_inode):|\/dev\/null$|\/proc\/\d+\/fd$/.test(line)),
        ).toEqual([]);
        expect(seen.filter((line) => / \//.test(line) && line.includes('pdfmagic-'))).toEqual([]);
        if (kind === 'bubblewrap')
          expect(seen.filter((line) => !/ (pipe|socket|anon_inode):| \/dev\/null$| \/proc\//.test(line))).toEqual([]);
      });
    }
  });
});
