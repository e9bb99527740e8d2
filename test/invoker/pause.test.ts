import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { inBothKinds } from './harness';

/** Clock ticks of the processor that all processes with this word in their command line have used. */
function ticksOf(word: string): number {
  let sum = 0;
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    try {
      if (!readFileSync(`/proc/${pid}/cmdline`, 'latin1').includes(word)) continue;
      const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
      const [user, system] = stat
        .slice(stat.lastIndexOf(')') + 2)
        .split(' ')
        .slice(11, 13);
      sum += Number(user) + Number(system);
    } catch {} // It is gone.
  }
  return sum;
}

/** Answers, and goes on computing in a thread, in a child, and in a daemon; each counts. */
const busy = (word: string) => `import os, subprocess, threading
BUSY = "while True: pass"
counted = 0
def count():
    global counted
    while True:
        counted += 1
def main(args):
    if args.get("start"):
        threading.Thread(target=count, daemon=True).start()
        subprocess.Popen(["/usr/bin/python3", "-c", BUSY, "${word}"])
        subprocess.Popen(["/usr/bin/python3", "-c", BUSY, "${word}"], start_new_session=True)
    return {"counted": counted, "pid": os.getpid()}
`;

describe.skipIf(process.platform !== 'linux')('an action that answers and goes on computing', () => {
  inBothKinds(
    (bench, kind) => {
      const word = `busy-${process.pid}-${kind}`;
      const name = `/guest/${word}`;
      const counted = async (start: boolean) => {
        const { result } = await bench.python(busy(word), { name, parameters: { start } });
        return JSON.parse(JSON.stringify(result));
      };

      it('stands still once it is idle, goes on with its next run, and ends with the invoker', async () => {
        const first = await counted(true);
        await expect.poll(() => ticksOf(word)).toBeGreaterThan(0);
        await delay(1_000);
        const before = ticksOf(word);
        await delay(1_500);
        expect(ticksOf(word) - before).toBeLessThanOrEqual(2);
        const second = await counted(false);
        expect(second.pid).toBe(first.pid);
        await delay(30);
        expect((await counted(false)).counted).toBeGreaterThan(second.counted);
        await delay(1_000);
        await bench.stop();
        expect(ticksOf(word)).toBe(0);
        await bench.start();
      });

      it('may be ended while it stands still: by a new revision of the action', async () => {
        await counted(true);
        await delay(700);
        const code = 'def main(args):\n    return {"new": True}\n';
        expect((await bench.python(code, { name, revision: '2-b' })).result).toEqual({ new: true });
        await expect.poll(() => ticksOf(word)).toBe(0);
      });
    },
    { pauseGrace: 200 },
  );
});
