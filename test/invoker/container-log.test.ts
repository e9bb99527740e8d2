import { Readable } from 'node:stream';
import { expect, it } from 'vitest';
import { ContainerLog } from '../../platform/invoker/activation/container-log';
import { END_OF_ACTIVATION } from '../../platform/invoker/activation/logs';

const LINES = 65_536;

const CHUNKS = 12;

/** A stream that has a chunk of empty lines whenever it is asked, and notes in which turn of the event loop that was. */
function flood(): { source: Readable; turns: number[] } {
  const turns: number[] = [];
  let turn = 0;
  const count = () => {
    turn += 1;
    if (turns.length <= CHUNKS) setImmediate(count);
  };
  count();
  const source = new Readable({
    highWaterMark: 1,
    read() {
      if (turns.length < CHUNKS) this.push(Buffer.alloc(LINES, '\n'));
      else this.push(turns.length === CHUNKS ? `${END_OF_ACTIVATION}\n` : null);
      turns.push(turn);
    },
  });
  return { source, turns };
}

/** What a log of so many bytes keeps of a flood, and when it read each chunk. */
async function keepFlood(limit: number): Promise<{ lines: string[]; turns: number[] }> {
  const { source, turns } = flood();
  const stderr = Readable.from([Buffer.from(`${END_OF_ACTIVATION}\n`)]);
  const log = new ContainerLog({ stdout: source, stderr });
  const kept = log.begin(limit);
  await log.end();
  return { lines: kept.collect(false), turns };
}

it('gives others their turn between two chunks of lines that are kept', async () => {
  const { lines, turns } = await keepFlood(1_000_000_000);
  expect(lines.length).toBe(CHUNKS * LINES);
  for (const turn of turns) expect(turns.filter((other) => other === turn).length).toBeLessThanOrEqual(2);
});

it('reads on at once when nothing more is kept', async () => {
  const { lines, turns } = await keepFlood(0);
  expect(lines).toEqual([]);
  expect(Math.max(...turns) - Math.min(...turns)).toBeLessThan(CHUNKS);
});
