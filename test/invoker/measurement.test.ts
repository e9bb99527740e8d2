/** What is charged to a sandbox while it is being made: nothing that is the machine's. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, it } from 'vitest';
import { useBubblewrap } from '../../sandbox/bubblewrap';
import { excessOf } from '../../sandbox/measurement';
import { ProcessRecords } from '../../sandbox/processes/records';

/** Bytes: more than a shell and `sleep` hold, less than the files of any machine would cost in memory. */
const LIMIT = 4 << 20;

it.skipIf(process.platform !== 'linux')(
  "a sandbox that has no root of its own yet is not charged for the machine's files",
  async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'pdfmagic-measurement-test-'));
    try {
      const bwrap = path.join(folder, 'bwrap');
      // As bubblewrap between naming its first process and changing that one's root.
      const named = 'sleep 60 4>&- & echo "{ \\"child-pid\\": $! }" >&4; exec 4>&-; wait\n';
      writeFileSync(bwrap, `#!/bin/sh\n[ "$1" = --help ] && exit 0\n${named}`, { mode: 0o755 });
      const policy = { policyFolder: folder, policyLimits: {} };
      const factory = await useBubblewrap(bwrap, policy, new ProcessRecords(folder));
      const sandbox = await factory.start({
        executable: '/bin/true',
        args: () => [],
        environment: {},
        imagemagickPdf: false,
      });
      expect(sandbox.processes()).toEqual([sandbox.pid]);
      expect(excessOf(sandbox, LIMIT, false)).toBeUndefined();
      expect(excessOf(sandbox, LIMIT, true)).toBeUndefined();
      await sandbox.kill();
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
);
