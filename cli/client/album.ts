/** v2 with several names: JPEGs that are in the in bucket become one PDF in the out bucket. */
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import type { ConversionOptions, ON_ERROR } from '../../contract/options';
import { WAYS } from '../../contract/ways';
import { Failure } from '../failure';
import { urlOf } from '../stack/endpoints';
import { type Answer, jsonOf } from './http';
import { readActivationId, readRefusal } from './openwhisk';
import { hasCode, persist } from './retry';
import type { Service } from './service';

/** One PDF of several. */
export interface AlbumRequest {
  /** Objects of the in bucket, in the order of the pages. */
  readonly names: readonly string[];
  /** Name of the PDF in the out bucket. */
  readonly into: string;
  readonly asked: ConversionOptions;
  /** What becomes of the album when one of them is bad. */
  readonly onError: (typeof ON_ERROR)[number];
}

const answered = z.object({
  /** Bytes. */
  size: z.number(),
  pages: z.number(),
  leftOut: z.array(z.object({ name: z.string(), code: z.string(), error: z.string() })),
  reencoded: z.array(z.object({ name: z.string(), reason: z.string() })),
});

/** What was made: as v2 answers (actions/README.md); of an album that took longer than OpenWhisk waits, only what the bucket tells. */
export interface Album extends Partial<z.infer<typeof answered>> {
  readonly size: number;
  /** The activation behind it; undefined where it is not known. */
  readonly activation: string | undefined;
}

/** One of the photographs was refused, and so the album was. */
export class BadPhotograph extends Failure {
  /** @param photograph its name in the in bucket */
  constructor(
    message: string,
    code: string | undefined,
    readonly photograph: string,
  ) {
    super(message, undefined, code);
  }
}

/** Milliseconds between two looks for an album that takes long. */
const LOOK_PAUSE = 1_000;

/** Has the album made. @throws BadPhotograph, Failure */
export async function makeAlbum(service: Service, request: AlbumRequest, signal: AbortSignal): Promise<Album> {
  const answer = await persist(service.http, () => putNames(service, request, signal), hasCode, signal);
  const activation = readActivationId(answer);
  // 202 is OpenWhisk's word for an action that takes longer than its callers may wait.
  if (answer.status === 202) return { size: await awaitAlbum(service, request.into, signal), activation };
  if (answer.status !== 200) throw readAlbumRefusal(answer, request.names);
  const made = answered.safeParse(jsonOf(answer));
  if (made.success) return { ...made.data, activation };
  throw new Failure(
    'This stack cannot combine photographs: it runs older actions than this command.',
    'Update the stack.',
  );
}

function putNames(
  { http, stack, inBucket }: Service,
  { asked, ...what }: AlbumRequest,
  signal: AbortSignal,
): Promise<Answer> {
  const body = JSON.stringify({ bucket: inBucket.name, ...what, ...asked });
  const headers = { 'content-type': 'application/json' };
  return http.ask(urlOf(stack, 'v2'), { method: WAYS.v2.method, headers, body, signal });
}

/** @returns its bytes, once it is there */
async function awaitAlbum({ outBucket }: Service, into: string, signal: AbortSignal): Promise<number> {
  for (;;) {
    const made = await outBucket.find(into, signal);
    if (made !== undefined) return made.size;
    await sleep(LOOK_PAUSE, undefined, { signal });
  }
}

/** The name at the beginning of a message, as Python writes a text. */
const NAME = /^(['"])(?:\\.|(?!\1)[^\\])*\1: /;

function readAlbumRefusal(answer: Answer, names: readonly string[]): Failure {
  const refusal = readRefusal(answer);
  const name = z.object({ name: z.string() }).safeParse(jsonOf(answer)).data?.name;
  if (name === undefined || !names.includes(name)) return refusal;
  // Whoever reads it knows the file by another name.
  return new BadPhotograph(refusal.message.replace(NAME, ''), refusal.code, name);
}
