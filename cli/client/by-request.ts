/** By parameter and by body: the JPEG in the request, the PDF in the answer. */
import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { PACKAGE } from '../../contract/names';
import { type ConversionOptions, REENCODED } from '../../contract/options';
import { WAYS, type WayBy } from '../../contract/ways';
import { Failure } from '../failure';
import { lacksWay, urlOf } from '../stack/endpoints';
import { type Answer, jsonOf } from './http';
import { type Activation, type OpenWhiskApi, readActivationId, readRefusal } from './openwhisk';
import type { Call, Photo } from './photo';
import { hasCode, persist } from './retry';
import type { Service } from './service';

/** A request or its answer is too large for this way. */
export class OverLimit extends Failure {}

const OVER_LIMIT_HINT = 'Leave out --via: photographs of this size then go through the bucket.';

/** What is asked in a request: the options of a conversion, and the title of the PDF. */
type Asked = ConversionOptions & { readonly name?: string };

/** One request with the JPEG as its body. */
export function postJpeg(
  { http, stack }: Service,
  body: Buffer,
  signal?: AbortSignal,
  asked: Asked = {},
  way: WayBy<'body'> = 'v1',
): Promise<Answer> {
  const { method, contentType } = WAYS[way];
  const url = new URL(urlOf(stack, way));
  for (const [option, value] of Object.entries(asked)) url.searchParams.set(option, String(value));
  return http.ask(url.href, { method, headers: { 'content-type': contentType }, body, signal });
}

/** The JPEG is the body of the request, the PDF that of the answer. @throws OverLimit, Failure */
export const convertByBody: Call<'body'> = async (way, service, photo, signal) => {
  const body = await readFile(photo.file);
  const asked = describeAsked(photo);
  const answer = await persist(service.http, () => postJpeg(service, body, signal, asked, way), hasCode, signal);
  const reason = answer.headers[REENCODED.header.toLowerCase()];
  const reencoded = typeof reason === 'string' ? reason : undefined;
  if (answer.status === 200) return { pdf: answer.body, via: way, activation: readActivationId(answer), reencoded };
  const refusal = readRefusal(answer);
  if (answer.status === 413 && refusal.code !== 'too-many-pixels')
    throw new OverLimit(refusal.message, OVER_LIMIT_HINT, refusal.code);
  throw refusal;
};

/** The action itself, with base64 as a parameter. @throws OverLimit, Failure */
export const convertByParameter: Call<'parameter'> = async (way, service, photo, signal) => {
  const { openwhisk } = service;
  if (openwhisk === undefined) throw lacksWay(service.stack, way);
  const image = (await readFile(photo.file)).toString('base64');
  const parameters = { image, ...describeAsked(photo) };
  const answer = await persist(
    service.http,
    () => openwhisk.invoke(`${PACKAGE}/${way}`, parameters, signal),
    isActivation,
    signal,
  );
  if (answer.status === 413) throw new OverLimit(readRefusal(answer).message, OVER_LIMIT_HINT);
  const id = z.object({ activationId: z.string() }).safeParse(jsonOf(answer)).data?.activationId;
  if (id === undefined) throw readRefusal(answer);
  const { response } = answer.status === 202 ? await awaitRecord(openwhisk, id, signal) : record.parse(jsonOf(answer));
  const made = z.object({ pdf: z.string(), [REENCODED.field]: z.string().optional() }).safeParse(response.result);
  if (made.success) {
    const { pdf, reencoded } = made.data;
    return { pdf: Buffer.from(pdf, 'base64'), via: way, activation: id, reencoded };
  }
  const words = z.object({ error: z.string() }).safeParse(response.result).data?.error;
  throw new Failure(words ?? `The activation ${id} has no PDF.`);
};

function describeAsked({ name, asked }: Photo): Asked {
  return { ...asked, ...(name !== undefined && { name }) };
}

const record = z.object({ response: z.object({ result: z.unknown() }) });

/** OpenWhisk does not wait for ever: then the record has the result, once it is there. Ends with the signal. */
async function awaitRecord(openwhisk: OpenWhiskApi, id: string, signal: AbortSignal): Promise<Activation> {
  for (;;) {
    await sleep(1000, undefined, { signal });
    const found = await openwhisk.activation(id, signal);
    if (found !== undefined) return found;
  }
}

/** A 502 with an activation is an action that ran and failed. */
function isActivation(answer: Answer): boolean {
  return z.object({ activationId: z.string(), response: z.unknown() }).safeParse(jsonOf(answer)).success;
}
