/** What became of each file: looked up in the out bucket, and in the activations of v2. */
import { z } from 'zod';
import { PACKAGE, pdfName, recordName } from '../../contract/names';
import { parseJson } from '../client/http';
import type { Service } from '../client/service';
import { readDeadLetters } from '../status/dead-letters';
import type { StressFile } from './files';
import type { Uploaded } from './upload';

/** The count of files by what became of them. */
export interface Account {
  readonly converted: number;
  readonly refused: number;
  /** Neither a PDF nor a record of the newest generation: names. */
  readonly lost: readonly string[];
  /** A PDF of a broken file, a record for a good one, a PDF of another picture: names. */
  readonly wrong: readonly string[];
  /** Converted more often than uploaded: names. */
  readonly twice: readonly string[];
  readonly deadLetters: number;
}

/** Names of files by what there is of their newest generation. */
export interface Outcomes {
  readonly pdfs: ReadonlySet<string>;
  readonly records: ReadonlySet<string>;
}

/** What is in the out bucket, below `prefix`, of the newest generations. Before all are uploaded: of any generation. */
export async function findOutcomes(
  { outBucket }: Service,
  prefix: string,
  uploads?: ReadonlyMap<string, Uploaded>,
): Promise<Outcomes> {
  const pdfs = new Set<string>();
  const records = new Set<string>();
  for (const { name, source } of await outBucket.list(`${prefix}/`)) {
    if (source === undefined) continue;
    const newest = uploads?.get(source.name)?.generation;
    if (newest !== undefined && source.generation !== newest) continue;
    (name.endsWith('.pdf') ? pdfs : records).add(source.name);
  }
  return { pdfs, records };
}

/** The account, once there is an outcome of every file, or none comes any more. */
export async function accountFor(
  service: Service,
  prefix: string,
  files: readonly StressFile[],
  uploads: ReadonlyMap<string, Uploaded>,
): Promise<Account> {
  const { pdfs, records } = await findOutcomes(service, prefix, uploads);
  const lost: string[] = [];
  const wrong: string[] = [];
  for (const { name, size } of files) {
    if (!pdfs.has(name) && !records.has(name)) lost.push(name);
    else if (pdfs.has(name) === (size === undefined) || records.has(name) === (size !== undefined)) wrong.push(name);
    else if (size !== undefined && !(await isPictureOf(service, name, size))) wrong.push(name);
    else if (size === undefined && !(await hasReason(service, name))) wrong.push(name);
  }
  const conversions = await countConversions(service);
  const twice = [...uploads].filter(([name, { tries }]) => (conversions.get(pdfName(name)) ?? 0) > tries);
  return {
    converted: files.filter(({ name, size }) => size !== undefined && pdfs.has(name)).length,
    refused: files.filter(({ name, size }) => size === undefined && records.has(name)).length,
    lost,
    wrong,
    twice: twice.map(([name]) => name),
    deadLetters: (await readDeadLetters(service))?.length ?? 0,
  };
}

/** The size of the picture is in the PDF in plain text. */
async function isPictureOf(
  { outBucket }: Service,
  name: string,
  size: { width: number; height: number },
): Promise<boolean> {
  const text = (await outBucket.read(pdfName(name)))?.toString('latin1') ?? '';
  return (
    text.startsWith('%PDF-') &&
    new RegExp(`/Width ${size.width}\\b`).test(text) &&
    new RegExp(`/Height ${size.height}\\b`).test(text)
  );
}

async function hasReason({ outBucket }: Service, name: string): Promise<boolean> {
  const bytes = await outBucket.read(recordName(name));
  const record = z.object({ code: z.string().min(1), error: z.string().min(1) });
  return bytes !== undefined && record.safeParse(parseJson(bytes)).success;
}

const conversion = z.object({ object: z.string(), unchanged: z.boolean().default(false) });

/** How often each PDF was written, by the activations of v2 that the platform still has (see README.md). */
async function countConversions({ openwhisk }: Service): Promise<Map<string, number>> {
  const counts = new Map<string, number>();
  const page = 200;
  for (let skip = 0; ; skip += page) {
    const found = (await openwhisk?.records(page, { name: `${PACKAGE}/v2`, skip })) ?? [];
    for (const { response } of found) {
      const made = conversion.safeParse(response.result);
      if (!response.success || !made.success || made.data.unchanged) continue;
      counts.set(made.data.object, (counts.get(made.data.object) ?? 0) + 1);
    }
    if (found.length < page) return counts;
  }
}
