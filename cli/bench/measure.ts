/** Timing of one piece of work done again and again: latency one at a time, rate several at a time. */

export type Work = () => Promise<void>;

/** Milliseconds of each of `count` runs, one after the other. */
export async function measureLatencies(work: Work, count: number): Promise<number[]> {
  const times: number[] = [];
  for (let run = 0; run < count; run++) {
    const start = performance.now();
    await work();
    times.push(performance.now() - start);
  }
  return times;
}

/** Runs per second, `concurrency` at a time, over `count` runs. */
export async function measureRate(work: Work, concurrency: number, count: number): Promise<number> {
  let left = count;
  const worker = async (): Promise<void> => {
    while (left-- > 0) await work();
  };
  const start = performance.now();
  await Promise.all(Array.from({ length: concurrency }, worker));
  return (count * 1000) / (performance.now() - start);
}

/** The middle value; of an even number of values the mean of the two in the middle. NaN for none. */
export function computeMedian(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2;
}
