import { describe, expect, it } from 'vitest';
import { type Bench, inBothKinds } from './harness';
import { invocation } from './harness-invocation';
import { zipOf } from './zips';

/** Says when its process was started, when it was loaded, and whether `ssl` was there by then; seconds since the epoch. */
const MAIN = `import sys
AHEAD = "ssl" in sys.modules
import os, time
LOADED = time.time()
try:
    import queue
except ImportError:
    queue = None
def main(args):
    with open("/proc/self/stat") as stat, open("/proc/uptime") as uptime:
        age = float(uptime.read().split()[0]) - int(stat.read().rpartition(")")[2].split()[19]) / os.sysconf("SC_CLK_TCK")
    return {"started": time.time() - age, "loaded": LOADED, "ahead": AHEAD, "queue": getattr(queue, "MINE", None)}
`;
const SITE = 'virtualenv/lib/python3/site-packages';
const LIBRARY = { 'virtualenv/bin/activate_this.py': '', [`${SITE}/urllib3/__init__.py`]: '' };

interface Said {
  readonly started: number;
  readonly loaded: number;
  readonly ahead: boolean;
  readonly queue: unknown;
}

/** A new version of one action: no warm sandbox fits it. */
let versions = 0;
async function startCold(bench: Bench, zip: string): Promise<Said & { readonly asked: number }> {
  const asked = Date.now() / 1000;
  versions += 1;
  const say = { name: '/guest/spare', revision: `${versions}-r`, binary: true, kind: bench.kindOf('python') };
  const { result } = await bench.invoker.run(invocation(zip, say));
  return { ...(result as unknown as Said), asked };
}

/** Starts one version after the other until one finds a sandbox that waits, for the time that this test may take. */
async function startFromSpare(bench: Bench, zip: string, isReady: (said: Said) => boolean = () => true) {
  for (;;) {
    const said = await startCold(bench, zip);
    if (said.started < said.asked - 0.05 && isReady(said)) return said;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

describe.skipIf(process.platform !== 'linux')('a new version of a zip that ran before', () => {
  inBothKinds((bench) => {
    it('finds an interpreter that waits for it, and in which nothing of it has run', async () => {
      const zip = zipOf({ '__main__.py': MAIN });
      const first = await startCold(bench, zip);
      expect(first.started).toBeGreaterThan(first.asked - 0.05);
      const { loaded, asked, ahead } = await startFromSpare(bench, zip);
      expect(loaded).toBeGreaterThanOrEqual(asked);
      expect(ahead).toBe(false);
    });

    it('finds loaded what clients of HTTP services load of the standard library, if it brings one', async () => {
      const { ahead } = await startFromSpare(bench, zipOf({ '__main__.py': MAIN, ...LIBRARY }), (said) => said.ahead);
      expect(ahead).toBe(true);
    });

    it.each([
      ['a module', 'queue.py'],
      ['a library', `${SITE}/queue/__init__.py`],
    ])('finds nothing loaded if it has %s by the name of a standard one, and gets its own', async (_, name) => {
      const activate = `import sys\nsys.path.insert(0, "${SITE}")\n`;
      const mine = { [name]: 'MINE = "mine"\n', 'virtualenv/bin/activate_this.py': activate };
      const zip = zipOf({ '__main__.py': MAIN, ...LIBRARY, ...mine });
      expect(await startFromSpare(bench, zip)).toMatchObject({ ahead: false, queue: 'mine' });
    });
  });
});

describe.skipIf(process.platform !== 'linux')('without spares', () => {
  inBothKinds(
    (bench) => {
      it('no interpreter waits for a zip', async () => {
        const zip = zipOf({ '__main__.py': MAIN });
        for (let run = 0; run < 3; run += 1) {
          const { started, asked } = await startCold(bench, zip);
          expect(started).toBeGreaterThan(asked - 0.05);
        }
      });
    },
    { spares: 0 },
  );
});
