/** Timing of one piece of work done again and again: latency one at a time, rate several at a time. */

export type Work = () => Promise<void>;

/** Milliseconds of each of `count` runs, one after the other. */
export async function measureLatencies(work: Work, count: number): Promise<number[]> {
  const times: number[] = [];
  for (let run = 0; run < count; run++) times.push(await time(work));
  return times;
}

/** Milliseconds of one run. */
export async function time(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
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

/**
 * Runs per second, `concurrency` at a time, begun within `seconds`; what is under way then is finished and counted. Each worker
 * runs at least once.
 * @param most runs in all, where the work has only so many to do
 */
export async function measureRateFor(
  work: Work,
  concurrency: number,
  seconds: number,
  most = Number.POSITIVE_INFINITY,
): Promise<number> {
  const start = performance.now();
  let begun = 0;
  let done = 0;
  const worker = async (): Promise<void> => {
    do {
      if (begun >= most) return;
      begun += 1;
      await work();
      done += 1;
    } while (performance.now() - start < seconds * 1000);
  };
  await Promise.all(Array.from({ length: concurrency }, worker));
  return (done * 1000) / (performance.now() - start);
}

/** The middle value; of an even number of values the mean of the two in the middle. NaN for none. */
export function computeMedian(values: readonly number[]): number {
  return computeQuantile(values, 0.5);
}

/** The value below which that share of the values is, linear between two of them (R's type 7). NaN for none. */
export function computeQuantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  const place = (sorted.length - 1) * share;
  const [below, above] = [sorted[Math.floor(place)], sorted[Math.ceil(place)]];
  if (below === undefined || above === undefined) return Number.NaN;
  return below + (above - below) * (place - Math.floor(place));
}
