/**
 * Warm `POST /convert/pdf` beside bare `/usr/bin/convert` of the same file. Machines are noisy, so both are measured in
 * turns in one run, and what counts is their difference and ratio.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import path from 'node:path';
import { postJpeg } from '../client/by-request';
import type { Service } from '../client/service';
import { BareConvert } from './bare-convert';
import { computeMedian, measureLatencies, measureRate, type Work } from './measure';

/** What `npm run bench` prints and writes as JSON: milliseconds, and conversions per second. */
export interface BenchResult {
  readonly date: string;
  readonly cores: number;
  readonly file: string;
  /** One at a time: medians in ms. `added` is service minus bare. */
  readonly latency: { readonly bare: number; readonly service: number; readonly added: number };
  /** Per second. Bare by number of processes and threads, the best of these, and the service at 4 at a time. */
  readonly rate: {
    readonly bare: Readonly<Record<string, number>>;
    readonly bareBest: number;
    readonly service: number;
    readonly ratio: number;
  };
}

/** What is measured: the service by v1, the JPEG, the ImageMagick policy for bare convert. */
export interface Subject {
  readonly service: Service;
  readonly file: string;
  readonly jpeg: Buffer;
  readonly policy: string;
}

const ROUNDS = 5;
const RUNS_OF_ONE = 20;
const RUNS_OF_MANY = 60;
/** Ways to run bare convert at full speed: ImageMagick's own threads compete with further processes. */
const BARE = [
  { name: '2 processes', concurrency: 2, threads: undefined },
  { name: '4 processes', concurrency: 4, threads: undefined },
  { name: '2 processes, 1 thread each', concurrency: 2, threads: '1' },
  { name: '4 processes, 1 thread each', concurrency: 4, threads: '1' },
] as const;

/** Measures. `progress` takes a line for each step. */
export async function measure(subject: Subject, progress: (line: string) => void): Promise<BenchResult> {
  const folder = mkdtempSync(path.join(tmpdir(), 'pdfmagic-bench-'));
  try {
    const convert = new BareConvert(folder, subject.policy);
    const bare = (threads?: string): Work => {
      return () => convert.run(subject.file, threads);
    };
    const service: Work = async () => {
      const { status } = await postJpeg(subject.service, subject.jpeg);
      if (status !== 200) throw new Error(`v1 answered ${status}`);
    };

    progress('warming up');
    await measureRate(service, 4, 20);
    await measureLatencies(bare(), 5);

    const ones = { bare: [] as number[], service: [] as number[] };
    for (let round = 1; round <= ROUNDS; round++) {
      progress(`one at a time, round ${round} of ${ROUNDS}`);
      ones.bare.push(...(await measureLatencies(bare(), RUNS_OF_ONE)));
      ones.service.push(...(await measureLatencies(service, RUNS_OF_ONE)));
    }
    const rates = { service: [] as number[], bare: BARE.map(() => [] as number[]) };
    for (let round = 1; round <= ROUNDS; round++) {
      progress(`four at a time, round ${round} of ${ROUNDS}`);
      rates.service.push(await measureRate(service, 4, RUNS_OF_MANY));
      for (const [index, { concurrency, threads }] of BARE.entries()) {
        rates.bare[index]?.push(await measureRate(bare(threads), concurrency, RUNS_OF_MANY));
      }
    }
    return summarize(subject.file, ones, rates);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function summarize(
  file: string,
  ones: { bare: number[]; service: number[] },
  rates: { bare: number[][]; service: number[] },
): BenchResult {
  const bare = computeMedian(ones.bare);
  const service = computeMedian(ones.service);
  const bareRates = Object.fromEntries(BARE.map(({ name }, index) => [name, computeMedian(rates.bare[index] ?? [])]));
  const bareBest = Math.max(...Object.values(bareRates));
  const serviceRate = computeMedian(rates.service);
  return {
    date: new Date().toISOString(),
    cores: cpus().length,
    file: path.basename(file),
    latency: { bare, service, added: service - bare },
    rate: { bare: bareRates, bareBest, service: serviceRate, ratio: serviceRate / bareBest },
  };
}
