/** What became of each file: looked up in the out bucket, and in the activations of v2. */
import { Storage } from '@google-cloud/storage';
import { z } from 'zod';
import { basicAuthorization } from '../../ground/basic-auth';
import type { StressFile } from './files';
import type { Uploaded } from './upload';

/** Where to look. */
export interface Place {
  readonly apihost: string;
  readonly auth: string;
  readonly storageEndpoint: string;
  readonly outBucket: string;
}

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
export async function outcomesOf(
  place: Place,
  prefix: string,
  uploads?: ReadonlyMap<string, Uploaded>,
): Promise<Outcomes> {
  const [files] = await outBucket(place).getFiles({ prefix: `${prefix}/` });
  const pdfs = new Set<string>();
  const records = new Set<string>();
  for (const { name, metadata } of files) {
    const source = String(metadata.metadata?.['source-name']);
    const newest = uploads?.get(source)?.generation;
    if (newest !== undefined && String(metadata.metadata?.['source-generation']) !== String(newest)) continue;
    (name.endsWith('.pdf') ? pdfs : records).add(source);
  }
  return { pdfs, records };
}

/** The account, once there is an outcome of every file, or none comes any more. */
export async function accountOf(
  place: Place,
  prefix: string,
  files: readonly StressFile[],
  uploads: ReadonlyMap<string, Uploaded>,
): Promise<Account> {
  const { pdfs, records } = await outcomesOf(place, prefix, uploads);
  const lost: string[] = [];
  const wrong: string[] = [];
  for (const { name, size } of files) {
    if (!pdfs.has(name) && !records.has(name)) lost.push(name);
    else if (pdfs.has(name) === (size === undefined) || records.has(name) === (size !== undefined)) wrong.push(name);
    else if (size !== undefined && !(await isPictureOf(place, name, size))) wrong.push(name);
    else if (size === undefined && !(await hasReason(place, name))) wrong.push(name);
  }
  const conversions = await conversionsOf(place);
  const twice = [...uploads].filter(([name, { tries }]) => (conversions.get(pdfOf(name)) ?? 0) > tries);
  return {
    converted: files.filter(({ name, size }) => size !== undefined && pdfs.has(name)).length,
    refused: files.filter(({ name, size }) => size === undefined && records.has(name)).length,
    lost,
    wrong,
    twice: twice.map(([name]) => name),
    deadLetters: z.array(z.unknown()).parse(await ask(place, '/feed/dead-letters')).length,
  };
}

/** ImageMagick writes the picture's size in plain text into the PDF. */
async function isPictureOf(place: Place, name: string, size: { width: number; height: number }): Promise<boolean> {
  const [bytes] = await outBucket(place).file(pdfOf(name)).download();
  const text = bytes.toString('latin1');
  return (
    text.startsWith('%PDF-') && text.includes(`/Width ${size.width}\n`) && text.includes(`/Height ${size.height}\n`)
  );
}

async function hasReason(place: Place, name: string): Promise<boolean> {
  const [bytes] = await outBucket(place).file(`${name}.error.json`).download();
  const record = z.object({ code: z.string().min(1), error: z.string().min(1) });
  return record.safeParse(JSON.parse(bytes.toString('utf8'))).success;
}

const activations = z.array(z.object({ response: z.object({ success: z.boolean(), result: z.unknown() }) }));
const conversion = z.object({ object: z.string(), unchanged: z.boolean().default(false) });

/** How often each PDF was written, by the activations of v2 that the platform still has (its last 2000 of all). */
async function conversionsOf(place: Place): Promise<Map<string, number>> {
  const counts = new Map<string, number>();
  const page = 200;
  for (let skip = 0; ; skip += page) {
    const path = `/api/v1/namespaces/_/activations?name=pdfmagic/v2&docs=true&limit=${page}&skip=${skip}`;
    const found = activations.parse(await ask(place, path));
    for (const { response } of found) {
      const made = conversion.safeParse(response.result);
      if (!response.success || !made.success || made.data.unchanged) continue;
      counts.set(made.data.object, (counts.get(made.data.object) ?? 0) + 1);
    }
    if (found.length < page) return counts;
  }
}

async function ask({ apihost, auth }: Place, path: string): Promise<unknown> {
  const authorization = basicAuthorization(auth);
  const answer = await fetch(`${apihost}${path}`, { headers: { authorization } });
  if (!answer.ok) throw new Error(`${path} answered ${answer.status}: ${await answer.text()}`);
  return answer.json();
}

function outBucket({ storageEndpoint, outBucket }: Place) {
  return new Storage({ apiEndpoint: storageEndpoint, projectId: 'pdfmagic' }).bucket(outBucket);
}

function pdfOf(name: string): string {
  return name.replace(/\.jpg$/, '.pdf');
}
