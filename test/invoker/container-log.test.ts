import { Readable } from 'node:stream';
import { expect, it } from 'vitest';
import { ContainerLog } from '../../platform/invoker/activation/container-log';
import { END_OF_ACTIVATION } from '../../platform/invoker/activation/logs';

const LINES = 65_536;

/** A stream that has a chunk of empty lines whenever it is asked, and notes in which turn of the event loop that was. */
function flood(chunks: number): { source: Readable; turns: number[] } {
  const turns: number[] = [];
  let turn = 0;
  const count = () => {
    turn += 1;
    if (turns.length <= chunks) setImmediate(count);
  };
  count();
  const source = new Readable({
    highWaterMark: 1,
    read() {
      if (turns.length < chunks) this.push(Buffer.alloc(LINES, '\n'));
      else this.push(turns.length === chunks ? `${END_OF_ACTIVATION}\n` : null);
      turns.push(turn);
    },
  });
  return { source, turns };
}

it('gives others their turn between two chunks of lines that are kept', async () => {
  const { source, turns } = flood(12);
  const stderr = Readable.from([Buffer.from(`${END_OF_ACTIVATION}\n`)]);
  const log = new ContainerLog({ stdout: source, stderr });
  const kept = log.begin(1_000_000_000);
  await log.end();
  expect(kept.collect(false).length).toBe(12 * LINES);
  for (const turn of turns) expect(turns.filter((other) => other === turn).length).toBeLessThanOrEqual(2);
});

it('reads on at once when nothing more is kept', async () => {
  const { source, turns } = flood(12);
  const stderr = Readable.from([Buffer.from(`${END_OF_ACTIVATION}\n`)]);
  const log = new ContainerLog({ stdout: source, stderr });
  const kept = log.begin(0);
  await log.end();
  expect(kept.collect(false)).toEqual([]);
  expect(Math.max(...turns) - Math.min(...turns)).toBeLessThan(12);
});
