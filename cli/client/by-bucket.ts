/** By name and by event: the JPEG goes into the in bucket, the PDF comes out of the out bucket. */
import { randomUUID } from 'node:crypto';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { pdfName, recordName } from '../../contract/names';
import { type ConversionOptions, REENCODED } from '../../contract/options';
import { WAYS, type WayBy } from '../../contract/ways';
import { Failure } from '../failure';
import { urlOf } from '../stack/endpoints';
import { FailedAttempts, type NewFile } from './failed-attempt';
import { type Answer, jsonOf, parseJson } from './http';
import { readActivationId, readRefusal } from './openwhisk';
import type { Call, Converted, Photo } from './photo';
import { hasCode, persist } from './retry';
import type { Service } from './service';

/** Milliseconds between two looks for a PDF. */
const LOOK_PAUSE = 250;

/** One request that names an object of the in bucket. */
export function putName(
  { http, stack, inBucket }: Service,
  name: string,
  signal?: AbortSignal,
  asked: ConversionOptions = {},
  way: WayBy<'bucket'> = 'v2',
): Promise<Answer> {
  const { method, contentType } = WAYS[way];
  const body = new URLSearchParams({ bucket: inBucket.name, name, ...writeAsMarks(asked) }).toString();
  return http.ask(urlOf(stack, way), { method, headers: { 'content-type': contentType }, body, signal });
}

/** The object is uploaded and named. */
export const convertByName: Call<'bucket'> = async (way, service, photo, signal) => {
  const { http, outBucket } = service;
  const { name } = await upload(service, photo, signal);
  const answer = await persist(http, () => putName(service, name, signal, photo.asked, way), hasCode, signal);
  if (answer.status !== 200) throw readRefusal(answer);
  const made = z.object({ object: z.string(), [REENCODED.field]: z.string().optional() }).safeParse(jsonOf(answer));
  if (!made.success) throw new Failure(`${way} did not name a PDF.`, 'Does the stack run this project’s actions?');
  const pdf = await outBucket.read(made.data.object, signal);
  if (pdf === undefined)
    throw new Failure(
      `${made.data.object} was deleted from ${outBucket.name} right after it was written.`,
      'Try again.',
    );
  return { pdf, via: way, activation: readActivationId(answer), reencoded: made.data.reencoded };
};

/** The new file is all; its event starts the conversion, or where there are no events, the trigger fired by hand. */
export const convertByEvent: Call<'event'> = async (way, service, photo, signal) => {
  const { stack, openwhisk, inBucket } = service;
  const file = await upload(service, photo, signal);
  if (stack.events === 'none')
    await openwhisk?.fire({ bucket: inBucket.name, name: file.name, generation: `${file.generation}` }, signal);
  const done = new AbortController();
  const until = AbortSignal.any([signal, done.signal]);
  const pdf = awaitPdf(service, file, until);
  const failed = openwhisk && new FailedAttempts(stack, openwhisk, file).wait(until);
  try {
    const first = await Promise.race([pdf, ...(failed === undefined ? [] : [failed])]);
    // Between the last look for a PDF and the failed attempt, there may have come one after all, or the record of a refusal.
    const made = first instanceof Failure ? await lookForPdf(service, file, signal) : first;
    if (made === undefined) throw first;
    return { ...made, via: way, activation: undefined };
  } finally {
    done.abort();
  }
};

async function awaitPdf(service: Service, file: NewFile, signal: AbortSignal): Promise<Found> {
  for (;;) {
    const pdf = await lookForPdf(service, file, signal);
    if (pdf !== undefined) return pdf;
    await sleep(LOOK_PAUSE, undefined, { signal });
  }
}

/** A PDF in the output bucket, and why its photograph was encoded again, if it was. */
type Found = Pick<Converted, 'pdf' | 'reencoded'>;

/** @throws Failure when there is the record of a refusal */
async function lookForPdf(
  { outBucket }: Service,
  { name, generation }: NewFile,
  signal: AbortSignal,
): Promise<Found | undefined> {
  const made = await outBucket.find(pdfName(name), signal);
  const pdf = made?.source?.generation === generation ? await outBucket.read(made.name, signal) : undefined;
  if (pdf !== undefined) return { pdf, reencoded: made?.reencoded };
  // That of an earlier generation says nothing of this one.
  const record = await outBucket.find(recordName(name), signal);
  const refusal = record?.source?.generation === generation ? await outBucket.read(record.name, signal) : undefined;
  if (refusal !== undefined) throw readRecord(refusal);
  return undefined;
}

/** By default under a name that nothing has yet. */
async function upload({ inBucket }: Service, { file, object, asked }: Photo, signal: AbortSignal): Promise<NewFile> {
  const name = object ?? makeFreshName(file);
  // Also when it is named: where there are events, the file's arrival converts it, too, and both have to make the same PDF.
  const marks = writeAsMarks(asked);
  const generation = await inBucket.upload(file, name, { signal, replace: object !== undefined, marks });
  return { name, generation };
}

/** Nobody else's, so nothing is replaced; the file's own name at the end, for whoever looks into the bucket. */
function makeFreshName(file: string): string {
  return `cli/${randomUUID()}/${cleanName(file)}`;
}

/** The end of a file's name, as the last part of an object's. */
export function cleanName(file: string): string {
  const end = Buffer.from(path.basename(file)).subarray(-150).toString();
  return end.replace(/\ufffd|\p{Cc}/gu, '_');
}

/** The options of a conversion as texts: so a form has them, and the custom metadata of an object. */
export function writeAsMarks(asked: ConversionOptions = {}): Record<string, string> {
  return Object.fromEntries(Object.entries(asked).map(([option, value]) => [option, String(value)]));
}

function readRecord(record: Buffer): Failure {
  const refusal = z.object({ error: z.string(), code: z.string() }).safeParse(parseJson(record)).data;
  return new Failure(
    refusal?.error ?? 'It was refused, but the record that says why cannot be read.',
    undefined,
    refusal?.code,
  );
}
