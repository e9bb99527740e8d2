/** Conversions of one photo as sides to compare: each way, bare tools, and the other OpenWhisk. */
import pLimit from 'p-limit';
import { WAY_NAMES, WAYS, type Way } from '../../contract/ways';
import {
  convertByV0,
  convertByV1,
  convertByV2,
  EventConversions,
  makeBucket,
  type Quality,
  upload,
  V0,
  withQuietBucket,
} from './client';
import type { Laboratory } from './laboratory';
import { time } from './measure';
import { OTHER, OURS } from './measurement';
import type { BenchPhoto } from './photos';

/** Who converts, and how. */
export interface Call {
  /** Rows that its figures go into: one for a way, several for a bare tool, which all ways are compared with. */
  readonly rows: readonly string[];
  readonly who: string;
  /** Gets ready for so many runs; what this takes is not measured. */
  prepare(runs: number): Promise<void>;
  /** Once. @returns milliseconds */
  run(): Promise<number>;
}

/** What is not measured. */
export interface NoCall extends Pick<Call, 'rows' | 'who'> {
  /** Why, in words. */
  readonly skipped: string;
}

/** The row of a way; the same words in all measurements of conversions. */
export function describeRow(way: Way, photo: string, quality: Quality): string {
  return `${way}, ${photo}${quality === 'default' ? '' : ', quality=original'}`;
}

const BUCKET = 'pdfmagic-bench-quiet';
/** Uploads at a time, before v2 is measured. */
const UPLOADS = 4;
const QUALITIES: readonly Quality[] = ['default', 'original'];

/** All that convert a photo: each way in both qualities, then the bare tools. */
export async function makeCalls(laboratory: Laboratory, photo: BenchPhoto): Promise<(Call | NoCall)[]> {
  const wanted = QUALITIES.flatMap((quality) => WAY_NAMES.map((way) => ({ way, quality })));
  const ways: (Call | NoCall)[] = [];
  for (const { way, quality } of wanted) ways.push(...(await makeWay(laboratory, photo, way, quality)));
  const rowsOf = (quality: Quality): string[] => {
    const rows = wanted
      .filter((each) => each.quality === quality)
      .map(({ way }) => describeRow(way, photo.name, quality));
    return rows.filter((row) => ways.some((call) => 'run' in call && call.rows.includes(row)));
  };
  const originals = rowsOf('original');
  const all = [...rowsOf('default'), ...originals];
  const bare = (who: string, rows: readonly string[], run: () => Promise<void>): Call => {
    return { rows, who, prepare: ready, run: () => time(run) };
  };
  const img2pdf = await laboratory.img2pdf();
  return [
    ...ways,
    bare('convert', all, () => laboratory.convert.run(photo.file)),
    bare('convert, 1 thread', all, () => laboratory.convert.run(photo.file, '1')),
    typeof img2pdf === 'string'
      ? { rows: originals, who: 'img2pdf', skipped: img2pdf }
      : bare('img2pdf', originals, () => img2pdf.run(photo.file)),
  ];
}

const ready = async (): Promise<void> => undefined;

async function makeWay(
  laboratory: Laboratory,
  photo: BenchPhoto,
  way: Way,
  quality: Quality,
): Promise<(Call | NoCall)[]> {
  const { limit } = WAYS[way];
  const rows = [describeRow(way, photo.name, quality)];
  const no = (who: string, skipped: string): NoCall => ({ rows, who, skipped });
  if (photo.jpeg.length > limit) return [no(OURS, `larger than the ${limit / 1000} kB that a request takes`)];
  const ours = { rows, who: OURS, ...(await makeOurs(laboratory, photo, way, quality)) };
  const { other } = laboratory.setup;
  if (other === undefined) return [ours];
  if (way === 'v2' || way === 'v3') return [ours, no(OTHER, 'it has no access to the storage of this machine')];
  try {
    const { service, api } = await laboratory.deployed();
    const action = await other.copy(api, way);
    const there = other.serviceOf(service);
    const base64 = photo.jpeg.toString('base64');
    const convert =
      way === 'v0'
        ? () => convertByV0(other.api, action, base64, quality)
        : () => convertByV1(there, photo.jpeg, quality);
    await convert();
    return [ours, { rows, who: OTHER, prepare: ready, run: () => time(convert) }];
  } catch (error) {
    return [ours, no(OTHER, `it cannot run a copy of ${way}: ${error instanceof Error ? error.message : error}`)];
  }
}

async function makeOurs(
  laboratory: Laboratory,
  { jpeg, name: size }: BenchPhoto,
  way: Way,
  quality: Quality,
): Promise<Pick<Call, 'prepare' | 'run'>> {
  const { service, api } = await laboratory.deployed();
  switch (way) {
    case 'v0': {
      const base64 = jpeg.toString('base64');
      return { prepare: ready, run: () => time(() => convertByV0(api, V0, base64, quality)) };
    }
    case 'v1':
      return { prepare: ready, run: () => time(() => convertByV1(service, jpeg, quality)) };
    case 'v2': {
      await makeBucket(service, BUCKET);
      const quiet = withQuietBucket(service, BUCKET);
      // A generation is converted once. The names come again, so that the storage does not grow.
      const names: string[] = [];
      const prepare = async (runs: number): Promise<void> => {
        const missing = Array.from({ length: runs }, (_, index) => `${size} ${quality}/${index}.jpg`);
        const limit = pLimit(UPLOADS);
        await Promise.all(missing.map((name) => limit(() => upload(quiet.inBucket, jpeg, name, 'default'))));
        names.splice(0, names.length, ...missing);
      };
      return { prepare, run: () => time(() => convertByV2(quiet, names.pop() ?? 'not prepared', quality)) };
    }
    case 'v3': {
      const events = new EventConversions(service, jpeg, quality);
      const free: number[] = [];
      let slots = 0;
      const run = async (): Promise<number> => {
        const slot = free.pop() ?? slots++;
        const took = await events.convert(slot);
        free.push(slot);
        return took;
      };
      return { prepare: ready, run };
    }
  }
}
